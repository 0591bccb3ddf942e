namespace RagPlatform.Contracts.Ingestion;

/// <summary>
/// The registry has retired a document; its chunks are to leave every index. <see cref="Version"/> is higher than
/// that of any content before it, so that a late message of an older version cannot bring the document back.
/// </summary>
public sealed record DocumentDeletionRequested(DocumentKey Document, long Version);
