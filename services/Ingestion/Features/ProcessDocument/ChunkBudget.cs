using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>How large chunks may be for a model: so that it reads all of a chunk and the headings above it.</summary>
internal static class ChunkBudget
{
    private const int MinTokens = 16;
    private const int TinySectionTokens = 32;

    /// <param name="roomTokens">That the model reads of a passage, beside special ones and its prefix.</param>
    /// <param name="options">The settings.</param>
    public static ChunkingOptions For(int roomTokens, IngestionOptions options)
    {
        var maxTokens = Math.Max(MinTokens, Math.Min(options.ChunkMaxTokens, roomTokens - options.ChunkContextTokens));
        return new ChunkingOptions
        {
            MaxTokens = maxTokens,
            OverlapTokens = Math.Min(options.ChunkOverlapTokens, maxTokens / 2),
            TinySectionTokens = Math.Min(TinySectionTokens, maxTokens),
        };
    }
}
