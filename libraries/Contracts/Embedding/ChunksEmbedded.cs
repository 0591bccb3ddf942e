namespace RagPlatform.Contracts.Embedding;

/// <summary>One batch of a document version's chunks with their vectors, ready to be indexed.</summary>
public sealed record ChunksEmbedded
{
    public required DocumentKey Document { get; init; }
    public required long Version { get; init; }
    public required string ContentHash { get; init; }
    public required string Title { get; init; }
    public required string Uri { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    /// <summary>From 0.</summary>
    public required int BatchIndex { get; init; }
    public required int BatchCount { get; init; }
    /// <summary>Over all batches.</summary>
    public required int ChunkCount { get; init; }
    /// <summary>The model that made the vectors.</summary>
    public required string Model { get; init; }
    public required int Dimension { get; init; }
    /// <inheritdoc cref="Ingestion.ChunksPrepared.ChunkingHash"/>
    public string ChunkingHash { get; init; } = "";
    public required IReadOnlyList<EmbeddedChunk> Chunks { get; init; }
}

/// <summary>A passage of the stored text and its vector.</summary>
public sealed record EmbeddedChunk
{
    public required string ChunkId { get; init; }
    /// <summary>From 0, over the whole version.</summary>
    public required int Ordinal { get; init; }
    public required string Text { get; init; }
    public required int StartOffset { get; init; }
    public required int EndOffset { get; init; }
    public required IReadOnlyList<string> HeadingPath { get; init; }
    /// <summary>Dimension x fp32, little-endian, unit length.</summary>
    public required byte[] Vector { get; init; }
    /// <summary>Tokens past the model's limit, which the vector does not reflect; 0 unless a limit was misjudged.</summary>
    public required int UnseenTokens { get; init; }
}
