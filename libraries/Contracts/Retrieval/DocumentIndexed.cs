namespace RagPlatform.Contracts.Retrieval;

/// <summary>A version of a document is what searches now see; the one before it is gone.</summary>
public sealed record DocumentIndexed(DocumentKey Document, long Version, string ContentHash, int ChunkCount, string Model);
