namespace RagPlatform.Search;

/// <summary>One version of a document, as it goes into an index and comes out again.</summary>
/// <param name="DocumentId">Unique in the index.</param>
/// <param name="Version">At least 1; a lower one never replaces a higher one.</param>
/// <param name="Metadata">What filters and facets see, beside document id, title and uri.</param>
/// <param name="Chunks">In order; none is a document that nothing finds.</param>
public sealed record IndexedDocument(
    string DocumentId, long Version, string Title, string Uri, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<IndexedChunk> Chunks);

/// <param name="ChunkId">Unique in the index; orders equal scores.</param>
/// <param name="HeadingPath">Searched with the text, outermost first.</param>
/// <param name="Text">Verbatim from the stored text.</param>
/// <param name="StartOffset">In UTF-16 code units into the stored text, inclusive.</param>
/// <param name="EndOffset">Exclusive.</param>
/// <param name="Vector">Unit length, of the index's dimension.</param>
public sealed record IndexedChunk(
    string ChunkId, int Ordinal, IReadOnlyList<string> HeadingPath, string Text, int StartOffset, int EndOffset, ReadOnlyMemory<float> Vector);
