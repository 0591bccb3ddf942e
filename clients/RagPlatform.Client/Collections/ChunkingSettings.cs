namespace RagPlatform.Client;

/// <summary>How a collection's documents are cut. What is unset is the platform's default for the strategy.</summary>
/// <param name="Strategy">By structure when unspecified.</param>
/// <param name="MaxTokens">In a chunk, by the embedding model's tokens, and at most what the model reads: 16 to 8,192; 0 when unset.</param>
/// <param name="OverlapTokens">That a chunk may repeat of the one before: 0 to half of <paramref name="MaxTokens"/>.</param>
/// <param name="ParentTokens">Of parent-child, in what is quoted: <paramref name="MaxTokens"/> to 8,192; 0 when unset.</param>
public sealed record ChunkingSettings(
    ChunkingStrategy Strategy = ChunkingStrategy.Unspecified, int MaxTokens = 0, int? OverlapTokens = null, int ParentTokens = 0);

public enum ChunkingStrategy
{
    Unspecified = 0,
    /// <summary>At headings, then paragraphs, list items, rows and code blocks, then sentences.</summary>
    Structure = 1,
    /// <summary>Sentences up to the budget, whatever section they stand in.</summary>
    Sentence = 2,
    /// <summary>Windows of the budget's size; only words stay whole.</summary>
    Fixed = 3,
    /// <summary>The whole document where it fits what the model reads, else as few chunks as can be.</summary>
    Whole = 4,
    /// <summary>Small chunks are searched, the larger ones around them quoted.</summary>
    ParentChild = 5,
}
