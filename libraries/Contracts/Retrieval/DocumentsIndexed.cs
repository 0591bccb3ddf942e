namespace RagPlatform.Contracts.Retrieval;

/// <summary>Versions of documents that searches now see; those before them are gone.</summary>
public sealed record DocumentsIndexed(IReadOnlyList<DocumentIndexed> Documents);

/// <summary>One of them, told again when it is asked to be indexed again.</summary>
/// <param name="TraceParent">W3C; the document's own trace, since the message is part of none. Null where nothing is traced.</param>
public sealed record DocumentIndexed(DocumentKey Document, long Version, string ContentHash, int ChunkCount, string Model, string? TraceParent);
