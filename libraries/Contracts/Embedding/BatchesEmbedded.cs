namespace RagPlatform.Contracts.Embedding;

/// <summary>
/// Batches of chunks, of one document or several, that have their vectors. Whoever follows progress need not read the
/// vectors for it, which are in <see cref="ChunksEmbedded"/>.
/// </summary>
public sealed record BatchesEmbedded(IReadOnlyList<EmbeddedBatch> Batches);

/// <summary>A batch is told of as soon as the bus has its vectors, again when it is delivered again.</summary>
/// <param name="BatchIndex">From 0.</param>
/// <param name="TraceParent">W3C; the document's own trace, since the message is part of none. Null where nothing is traced.</param>
public sealed record EmbeddedBatch(DocumentKey Document, long Version, int BatchIndex, int BatchCount, string? TraceParent);
