using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using RagPlatform.Search;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Storage;

/// <summary>What an index's files depend on, as text that is the same for the same options. How they are searched is the program's.</summary>
internal static class IndexOptionsJson
{
    private static readonly JsonSerializerOptions Serializer = new()
    {
        Converters = { new SortedSetConverter(), new JsonStringEnumConverter() },
        RespectRequiredConstructorParameters = true,
    };

    public static byte[] Write(CollectionIndexOptions options) => JsonSerializer.SerializeToUtf8Bytes(
        new FileOptions(
            options.Dimension, options.Analyzer, options.TitleWeight, options.HeadingWeight, options.GraphFromChunks, options.GraphLinks,
            options.GraphConstructionCandidates),
        Serializer);

    /// <exception cref="JsonException">It is no such text.</exception>
    public static CollectionIndexOptions Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<FileOptions>(json, Serializer) is { Analyzer: not null } options
            ? new CollectionIndexOptions
            {
                Dimension = options.Dimension,
                Analyzer = options.Analyzer,
                TitleWeight = options.TitleWeight,
                HeadingWeight = options.HeadingWeight,
                GraphFromChunks = options.GraphFromChunks,
                GraphLinks = options.GraphLinks,
                GraphConstructionCandidates = options.GraphConstructionCandidates,
            }
            : throw new JsonException("It holds no options.");

    private sealed record FileOptions(
        int Dimension, AnalyzerOptions Analyzer, int TitleWeight, int HeadingWeight, int GraphFromChunks, int GraphLinks, int GraphConstructionCandidates);

    private sealed class SortedSetConverter : JsonConverter<FrozenSet<string>>
    {
        public override FrozenSet<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<string[]>(ref reader, options)?.ToFrozenSet(StringComparer.Ordinal) ?? throw new JsonException("A set of words is missing.");

        public override void Write(Utf8JsonWriter writer, FrozenSet<string> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Order(StringComparer.Ordinal), options);
    }
}
