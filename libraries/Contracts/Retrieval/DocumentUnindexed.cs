namespace RagPlatform.Contracts.Retrieval;

/// <summary>No chunk of the document is left in any index, read back and found gone.</summary>
public sealed record DocumentUnindexed(DocumentKey Document, long Version);
