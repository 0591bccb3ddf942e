namespace RagPlatform.Contracts.Ingestion;

/// <summary>
/// One batch of a document version's chunks, ready to be embedded. A version is complete when all
/// <see cref="BatchCount"/> batches have arrived; a batch holds at most <see cref="MaxChunks"/> chunks,
/// so that no message exceeds 1 MiB.
/// </summary>
public sealed record ChunksPrepared
{
    public const int MaxChunks = 32;

    public required DocumentKey Document { get; init; }
    public required long Version { get; init; }
    /// <summary>SHA-256 of the version's content and description, lower-case hex.</summary>
    public required string ContentHash { get; init; }
    public required string Title { get; init; }
    public required string Uri { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    /// <summary>From 0.</summary>
    public required int BatchIndex { get; init; }
    public required int BatchCount { get; init; }
    /// <summary>Over all batches.</summary>
    public required int ChunkCount { get; init; }
    /// <summary>The embedding model whose tokens the chunks were counted in, and that is to embed them.</summary>
    public required string Model { get; init; }
    /// <summary>Of the tokenizer and chunk sizes that the text was cut by, hex; empty when it was cut by a release that did not say.</summary>
    public string ChunkingHash { get; init; } = "";
    public required IReadOnlyList<PreparedChunk> Chunks { get; init; }
}

/// <summary>A passage of the stored text.</summary>
public sealed record PreparedChunk
{
    /// <summary>Deterministic: see <see cref="Contracts.ChunkId"/>.</summary>
    public required string ChunkId { get; init; }
    /// <summary>From 0, over the whole version.</summary>
    public required int Ordinal { get; init; }
    /// <summary>Verbatim: the stored text from <see cref="StartOffset"/> to <see cref="EndOffset"/>.</summary>
    public required string Text { get; init; }
    /// <summary>In UTF-16 code units into the stored text, inclusive.</summary>
    public required int StartOffset { get; init; }
    /// <summary>Exclusive.</summary>
    public required int EndOffset { get; init; }
    /// <summary>The headings above the chunk, outermost first: context for search, never part of a quote.</summary>
    public required IReadOnlyList<string> HeadingPath { get; init; }
}
