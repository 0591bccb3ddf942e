namespace RagPlatform.Retrieval.Storage;

/// <summary>
/// How a collection's documents are to be cut, as the ingestion service is told; null for its default. What it comes to depends
/// on the model's tokens, which are not known here.
/// </summary>
/// <param name="MaxTokens">In a chunk, 16 to 8,192.</param>
/// <param name="OverlapTokens">That a chunk may repeat of the one before, 0 to half of <paramref name="MaxTokens"/>.</param>
/// <param name="ParentTokens">In what is quoted around a small chunk, <paramref name="MaxTokens"/> to 8,192.</param>
internal sealed record ChunkingSettings(ChunkingStrategy? Strategy = null, int? MaxTokens = null, int? OverlapTokens = null, int? ParentTokens = null)
{
    public const int LeastMaxTokens = 16;
    public const int MostTokens = 8192;

    public static readonly ChunkingSettings Unset = new();
}

/// <summary>The strategies of the ingestion service.</summary>
internal enum ChunkingStrategy
{
    Structure,
    Sentence,
    Fixed,
    Whole,
    ParentChild,
}
