using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>One version of a document as the registry holds it, without its content and text.</summary>
public sealed record DocumentVersion
{
    public required DocumentKey Key { get; init; }
    /// <summary>From 1; grows with every change of content, and with deletion.</summary>
    public required long Version { get; init; }
    public required DocumentState State { get; init; }
    /// <summary>Set when <see cref="State"/> is failed.</summary>
    public required DocumentFailure? Failure { get; init; }
    /// <summary>SHA-256, lower-case hex; empty for a deletion.</summary>
    public required string ContentHash { get; init; }
    public required string ContentType { get; init; }
    public required string Title { get; init; }
    public required string Uri { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public required long ContentBytes { get; init; }
    /// <summary>Of the stored text, in UTF-16 code units; 0 until extracted.</summary>
    public required long TextCharacters { get; init; }
    public required int ChunkCount { get; init; }
    public required int BatchCount { get; init; }
    /// <summary>How often it was begun.</summary>
    public required int Attempts { get; init; }
    /// <summary>That it was put under; empty for none.</summary>
    public required string BatchId { get; init; }
    /// <summary>W3C trace context of the call or drop that brought it; null when that was not traced.</summary>
    public required string? TraceParent { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>The document's version that searches see; 0 when none.</summary>
    public required long IndexedVersion { get; init; }
    /// <summary>The document's first version's time.</summary>
    public required DateTimeOffset DocumentCreatedAt { get; init; }
}

/// <summary>One entry of a document's log.</summary>
public sealed record DocumentEvent
{
    /// <summary>Grows over all documents.</summary>
    public required long Sequence { get; init; }
    public required DocumentKey Key { get; init; }
    public required long Version { get; init; }
    public required DocumentState State { get; init; }
    public required DocumentFailure? Failure { get; init; }
    /// <summary>For people, for example "12 chunks".</summary>
    public required string Detail { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required string? TraceParent { get; init; }
    /// <summary>The version's; empty for a deletion.</summary>
    public required string ContentHash { get; init; }
    public required int ChunkCount { get; init; }
    /// <summary>The version's; empty for none.</summary>
    public required string BatchId { get; init; }

    /// <summary>32 hex digits; empty when not traced.</summary>
    public string TraceId => System.Diagnostics.ActivityContext.TryParse(TraceParent, null, out var context) ? context.TraceId.ToString() : "";
}
