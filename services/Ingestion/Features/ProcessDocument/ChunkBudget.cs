using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>How large chunks may be for a model: so that it reads all of a chunk and the headings above it.</summary>
internal static class ChunkBudget
{
    private const int SpecialTokens = 2;
    private const int MinTokens = 16;
    private const int TinySectionTokens = 32;

    public static ChunkingOptions For(int modelMaxTokens, IngestionOptions options)
    {
        var maxTokens = Math.Max(MinTokens, Math.Min(options.ChunkMaxTokens, modelMaxTokens - SpecialTokens - options.ChunkContextTokens));
        return new ChunkingOptions
        {
            MaxTokens = maxTokens,
            OverlapTokens = Math.Min(options.ChunkOverlapTokens, maxTokens / 2),
            TinySectionTokens = Math.Min(TinySectionTokens, maxTokens),
        };
    }
}
