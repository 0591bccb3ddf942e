namespace RagPlatform.Contracts.Retrieval;

/// <summary>An indexed version is no longer in the index, because a damaged file was set aside: it is to be prepared again.</summary>
/// <param name="Reason">Names the file and what is wrong with it.</param>
public sealed record DocumentLost(DocumentKey Document, long Version, string Reason);
