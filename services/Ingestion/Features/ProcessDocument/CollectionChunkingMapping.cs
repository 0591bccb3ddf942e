using RagPlatform.Documents;
using Proto = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>How a caller and the retrieval service say how to cut.</summary>
internal static class CollectionChunkingMapping
{
    private const int MinTokens = 16;
    private const int MaxTokens = 8192;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the setting, its value and its range.</exception>
    public static CollectionChunking ToChunking(this Proto.ChunkingSettings? settings) => settings is null ? CollectionChunking.Default : new CollectionChunking(
        ToStrategy(settings.Strategy),
        settings.MaxTokens == 0 ? null : Check("max_tokens", settings.MaxTokens, MinTokens, MaxTokens),
        settings.HasOverlapTokens ? Check("overlap_tokens", settings.OverlapTokens, 0, MaxTokens / 2) : null,
        settings.ParentTokens == 0 ? null : Check("parent_tokens", settings.ParentTokens, MinTokens, MaxTokens));

    public static Proto.ChunkingSettings ToProto(this ChunkingOptions options) => new()
    {
        Strategy = (Proto.ChunkingStrategy)((int)options.Strategy + 1),
        MaxTokens = options.MaxTokens,
        OverlapTokens = options.OverlapTokens,
        ParentTokens = options.Strategy is ChunkingStrategy.ParentChild ? options.ParentTokens : 0,
    };

    private static ChunkingStrategy ToStrategy(Proto.ChunkingStrategy strategy) => strategy switch
    {
        Proto.ChunkingStrategy.Unspecified => ChunkingStrategy.Structure,
        _ when Enum.IsDefined(strategy) => (ChunkingStrategy)((int)strategy - 1),
        _ => throw IngestionErrors.Invalid("chunking.strategy", $"{(int)strategy} is none of 1 to 5.", "Choose structure, sentence, fixed, whole or parent-child."),
    };

    private static int Check(string field, int value, int min, int max) =>
        value >= min && value <= max ? value : throw IngestionErrors.Invalid($"chunking.{field}", $"{value} is not in {min} to {max}.", "Choose a size within that range, or leave it out.");
}
