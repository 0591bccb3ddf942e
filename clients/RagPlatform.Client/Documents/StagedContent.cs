namespace RagPlatform.Client;

/// <summary>Content that the platform keeps for drops on its queue to name rather than carry.</summary>
/// <param name="Reference">What a drop says in "contentRef", instead of "text" or "contentBase64"; good for drops of the same tenant alone.</param>
/// <param name="Bytes">Of the content.</param>
/// <param name="ExpiresAt">A drop that is taken later finds it no more.</param>
public sealed record StagedContent(string Reference, long Bytes, DateTimeOffset ExpiresAt);
