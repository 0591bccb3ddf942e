using System.Runtime.InteropServices;
using System.Text.Json;
using RagPlatform.CommandLine.Evaluation;
using RagPlatform.Search;

namespace RagPlatform.Bench.Quality.Retrieval;

/// <summary>A judged set cut into chunks and embedded beforehand, so that settings of the engine can be compared in seconds.</summary>
/// <param name="Vectors">Of the queries, in their order.</param>
internal sealed record PreparedSet(string Name, IReadOnlyList<IndexedDocument> Documents, IReadOnlyList<JudgedQuery> Queries, IReadOnlyList<float[]> Vectors)
{
    public const int Dimension = 384;

    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <param name="folder">The set, in the form of BEIR.</param>
    /// <param name="prepared">Holds NAME.jsonl and NAME.f32 as bench/Engines writes them, and NAME.queries.f32 with a row for each line of queries.jsonl.</param>
    public static PreparedSet Read(string folder, string prepared)
    {
        var set = BeirFolder.Read(folder);
        var path = Path.Combine(prepared, set.Name);
        var chunks = File.ReadLines(path + ".jsonl").Select(line => JsonSerializer.Deserialize<ChunkLine>(line, JsonSerializerOptions.Web)!).ToArray();
        var vectors = ReadVectors(path + ".f32");
        var documents = chunks.Zip(vectors).GroupBy(pair => pair.First.Doc, StringComparer.Ordinal).Select(Document).ToArray();
        var rows = File.ReadLines(Path.Combine(folder, "queries.jsonl")).Where(line => !string.IsNullOrWhiteSpace(line)).Select(IdOf)
            .Zip(ReadVectors(path + ".queries.f32")).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return new PreparedSet(set.Name, documents, set.Queries, [.. set.Queries.Select(query => rows[query.Id])]);
    }

    private static IndexedDocument Document(IGrouping<string, (ChunkLine Line, float[] Vector)> document)
    {
        var chunks = document.Select(chunk => new IndexedChunk(
            $"{document.Key}#{chunk.Line.Ordinal}", chunk.Line.Ordinal, chunk.Line.Headings, chunk.Line.Text, chunk.Line.Start, chunk.Line.End, chunk.Vector));
        return new IndexedDocument(document.Key, 1, document.First().Line.Title, "", NoMetadata, [.. chunks]);
    }

    private static string IdOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("_id").GetString()!;
    }

    private static List<float[]> ReadVectors(string path)
    {
        using var file = File.OpenRead(path);
        var vectors = new List<float[]>();
        while (file.Position < file.Length)
        {
            var vector = new float[Dimension];
            file.ReadExactly(MemoryMarshal.AsBytes(vector.AsSpan()));
            vectors.Add(vector);
        }

        return vectors;
    }

    private sealed record ChunkLine(string Doc, int Ordinal, string Title, IReadOnlyList<string> Headings, string Text, int Start, int End);
}
