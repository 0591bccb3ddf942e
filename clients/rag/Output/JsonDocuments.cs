using RagPlatform.Client;

namespace RagPlatform.CommandLine.Output;

// What --json prints where the client's own records do not say it. Property names, the client's too, are a contract
// with scripts: add, never rename.

internal sealed record DocumentListJson(IReadOnlyList<Document> Documents, long TotalCount);

internal sealed record SearchJson(string Collection, string Query, IReadOnlyList<SearchHit> Hits, IReadOnlyList<Timing> Timings);

internal sealed record FacetsJson(string Collection, long DocumentCount, IReadOnlyList<Facet> Facets);

/// <param name="DocumentCount">That are being deleted.</param>
internal sealed record CollectionDeletedJson(string Collection, long DocumentCount);

/// <param name="Collection">Null when the alias is gone.</param>
/// <param name="FormerCollection">Null when the alias is new.</param>
internal sealed record AliasJson(string Alias, string? Collection, string? FormerCollection);

/// <param name="Answer">Empty when the platform abstained.</param>
/// <param name="Abstention">Null when there is an answer.</param>
internal sealed record AnswerJson(
    string Collection,
    string Question,
    string Answer,
    Abstention? Abstention,
    IReadOnlyList<Citation> Citations,
    IReadOnlyList<Source> Sources,
    Usage Usage,
    IReadOnlyList<Timing> Timings,
    string TraceId);

/// <param name="Mode">"standalone", "distributed", or "remote" where the platform is not of this checkout.</param>
internal sealed record StatusJson(
    string Mode,
    string Gateway,
    string? Dashboard,
    string? Rabbitmq,
    string Version,
    string Tenant,
    IReadOnlyList<ServiceStatus> Services,
    IReadOnlyDictionary<DocumentState, long> Documents);

/// <param name="Outcome">"indexed", "unchanged", "accepted" (not waited for) or "failed".</param>
internal sealed record IngestedJson(string Id, string Source, string Outcome, int ChunkCount, DocumentFailure? Failure);

/// <param name="Batch">To be followed by, and to redrive.</param>
internal sealed record IngestJson(string Collection, int Indexed, int Unchanged, int Accepted, int Failed, IReadOnlyList<IngestedJson> Documents, string Batch);

/// <param name="Versions">That are still held, newest first.</param>
internal sealed record DocumentShownJson(Document Document, IReadOnlyList<DocumentEvent> Events, IReadOnlyList<Document> Versions);

/// <param name="IsDryRun">None was begun.</param>
/// <param name="Documents">Begun again, or to be, with why they had failed.</param>
/// <param name="Refused">On the way in: they must be put again.</param>
internal sealed record RedriveJson(bool IsDryRun, IReadOnlyList<FailedDocument> Documents, IReadOnlyList<FailedDocument> Refused);

internal sealed record RejectedDropListJson(IReadOnlyList<RejectedDrop> Drops, long TotalCount);

/// <param name="Body">As it came, as UTF-8.</param>
internal sealed record RejectedDropJson(RejectedDrop Drop, string Body);

/// <param name="Drop">Why it was not taken; null when it was.</param>
internal sealed record DropRedrivenJson(long Id, bool Taken, RejectedDrop? Drop);

internal sealed record DropDiscardedJson(long Id);

internal sealed record ModelCheckJson(string Model, string File, ModelFileResult Result, string Expected, string Actual, string Remedy);

internal sealed record ModelRemovedJson(string Model, long FreedBytes);

/// <param name="Source">Its name.</param>
/// <param name="PageCount">That it had.</param>
/// <param name="DeletesDocuments">They are being deleted with it.</param>
internal sealed record SourceRemovedJson(string Source, long PageCount, bool DeletesDocuments);

/// <summary>A line of rag watch --json.</summary>
/// <param name="At">When.</param>
/// <param name="Event">"put", "delete", "indexed", "deleted", "failed", "trouble" (it goes on by itself), or "inStep": the collection equals the folder.</param>
/// <param name="Id">The document's; null where it is about none.</param>
internal sealed record WatchEventJson(DateTimeOffset At, string Event, string? Id)
{
    public long? Version { get; init; }
    public string? Reason { get; init; }
    public string? Remedy { get; init; }
    /// <summary>Files that are documents.</summary>
    public int? Documents { get; init; }
    /// <summary>Files and folders that were not taken, for reasons that were told.</summary>
    public int? Problems { get; init; }
}
