namespace RagPlatform.Contracts.Ingestion;

/// <summary>The registry durably holds a new version of a document; it is to be extracted and chunked.</summary>
public sealed record DocumentReceived(DocumentKey Document, long Version);
