using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

/// <summary>How a collection wants its documents cut. Null: the service's default for the strategy.</summary>
/// <param name="MaxTokens">16 to 8,192, and at most what the model reads.</param>
/// <param name="OverlapTokens">0 to half of <paramref name="MaxTokens"/>.</param>
/// <param name="ParentTokens">16 to 8,192; at least <paramref name="MaxTokens"/> are taken.</param>
public sealed record CollectionChunking(ChunkingStrategy Strategy, int? MaxTokens = null, int? OverlapTokens = null, int? ParentTokens = null)
{
    public static readonly CollectionChunking Default = new(ChunkingStrategy.Structure);
}
