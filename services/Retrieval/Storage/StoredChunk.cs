namespace RagPlatform.Retrieval.Storage;

/// <summary>A chunk as a search hands it back.</summary>
/// <param name="Text">Verbatim from the stored text.</param>
/// <param name="StartOffset">In UTF-16 code units into the stored text, inclusive.</param>
/// <param name="EndOffset">Exclusive.</param>
internal sealed record StoredChunk(
    string ChunkId, DocumentVersion Document, IReadOnlyList<string> HeadingPath, string Text, int StartOffset, int EndOffset);

/// <summary>What the chunks of one version share.</summary>
internal sealed record DocumentVersion(string DocumentId, long Version, string Title, string Uri, IReadOnlyDictionary<string, string> Metadata);
