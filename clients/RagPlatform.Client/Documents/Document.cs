namespace RagPlatform.Client;

/// <summary>Where a document stands. Indexed, failed and deleted are at rest; the others are on their way.</summary>
public enum DocumentState
{
    Unspecified = 0,
    Received = 1,
    Extracting = 2,
    Chunking = 3,
    Embedding = 4,
    Indexing = 5,
    Indexed = 6,
    Failed = 7,
    Deleting = 8,
    Deleted = 9,
}

/// <summary>A document as the registry holds it.</summary>
public sealed record Document
{
    public required string Collection { get; init; }
    public required string Id { get; init; }
    /// <summary>Grows with every change of content, and with deletion.</summary>
    public required long Version { get; init; }
    public required DocumentState State { get; init; }
    /// <summary>Set when the state is failed.</summary>
    public DocumentFailure? Failure { get; init; }
    public required string Title { get; init; }
    public required string Uri { get; init; }
    public required string ContentType { get; init; }
    /// <summary>SHA-256, lower-case hex.</summary>
    public required string ContentHash { get; init; }
    public required long ContentBytes { get; init; }
    /// <summary>Of the stored text, in UTF-16 code units; 0 until it is extracted.</summary>
    public required long TextCharacters { get; init; }
    /// <summary>0 until it is chunked.</summary>
    public required int ChunkCount { get; init; }
    /// <summary>The version that searches see; 0 when none.</summary>
    public required long IndexedVersion { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
    /// <summary>That its latest version was put under; empty when in none.</summary>
    public string BatchId { get; init; } = "";
    /// <summary>Only of a document that was asked for alone, once it is extracted.</summary>
    public DocumentProperties? Properties { get; init; }
}

/// <summary>What a document says about itself, and how it was read.</summary>
public sealed record DocumentProperties
{
    /// <summary>BCP 47, lower case, such as "en"; empty while unknown.</summary>
    public required string Language { get; init; }
    public required string Author { get; init; }
    public DateTimeOffset? AuthoredAt { get; init; }
    public DateTimeOffset? ModifiedAt { get; init; }
    /// <summary>Pages or slides; 0 where the format has none.</summary>
    public required int PageCount { get; init; }
    /// <summary>Further fields of the format's own, such as an e-mail's "from".</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    /// <summary>What could not be read, or is not what it was declared to be; a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Why a document stands still.</summary>
/// <param name="Step">One of the states on the way, e.g. "extracting".</param>
/// <param name="Code">Stable, e.g. "UNSUPPORTED_CONTENT_TYPE".</param>
/// <param name="Reason">Names the field, the value and the limit.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Attempts">How often the step was tried.</param>
public sealed record DocumentFailure(string Step, string Code, string Reason, string Remedy, int Attempts);

/// <summary>One step of a document's way.</summary>
public sealed record DocumentEvent
{
    public required long Sequence { get; init; }
    public required long Version { get; init; }
    public required DocumentState State { get; init; }
    public DocumentFailure? Failure { get; init; }
    /// <summary>For people, e.g. "12 chunks".</summary>
    public required string Detail { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }
    /// <summary>32 hex digits: look it up in the dashboard.</summary>
    public required string TraceId { get; init; }
}

/// <summary>A document with its latest events, oldest first, 200 at most.</summary>
public sealed record DocumentHistory(Document Document, IReadOnlyList<DocumentEvent> Events);

/// <summary>A page of documents, by collection, then id.</summary>
/// <param name="Documents">At most as many as asked for.</param>
/// <param name="NextPageToken">Null on the last page.</param>
/// <param name="TotalCount">Over all pages.</param>
public sealed record DocumentPage(IReadOnlyList<Document> Documents, string? NextPageToken, long TotalCount);

/// <summary>What became of a document that was put.</summary>
/// <param name="Document">As it now stands.</param>
/// <param name="Unchanged">The same content was already there: nothing was done.</param>
public sealed record PutResult(Document Document, bool Unchanged);
