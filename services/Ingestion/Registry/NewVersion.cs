using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Content that is to become a document's next version; already found valid.</summary>
public sealed record NewVersion
{
    public required DocumentKey Key { get; init; }
    public required string ContentHash { get; init; }
    public required string ContentType { get; init; }
    public required string Title { get; init; }
    public required string Uri { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public required ReadOnlyMemory<byte> Content { get; init; }
    /// <summary>W3C trace context that resumed work continues; null when not traced.</summary>
    public required string? TraceParent { get; init; }
    /// <summary>That it is put under; empty for none.</summary>
    public string BatchId { get; init; } = "";
    /// <summary>Set when the content was refused on the way in: the version is recorded as failed at once.</summary>
    public DocumentFailure? Refusal { get; init; }
    /// <summary>What the version's first event says; empty when there is nothing to say.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>A version and whether the registry held it already.</summary>
public sealed record Registration(DocumentVersion Version, bool Unchanged);
