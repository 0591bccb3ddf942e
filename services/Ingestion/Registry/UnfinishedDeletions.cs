using Microsoft.Extensions.Options;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>
/// Which deletions need to be announced on the bus again. Those that this process has announced are on the bus; those
/// that an earlier process left, whose announcement failed, or that stalled, may not be.
/// </summary>
public sealed class UnfinishedDeletions(RegistryDatabase registry, IOptions<IngestionOptions> options, TimeProvider time)
{
    // A deletion is not taken from under itself: between its commit and its announcement nobody else announces it.
    private const long GraceMilliseconds = 2000;

    /// <summary>Names this process in the registry.</summary>
    private readonly string _incarnation = Guid.NewGuid().ToString("N");
    private readonly long _startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Oldest first, at most <see cref="IngestionOptions.ResumeBatch"/>. A deletion stays due until the document is gone
    /// or a later version is indexed: what was put after it may yet fail, and must not keep alive what it deleted.
    /// </summary>
    public IReadOnlyList<UnfinishedDeletion> Find()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        using var connection = registry.OpenReader();
        return
        [
            .. VersionRow.Query(
                connection,
                """
                WHERE v.state = 8 AND (NOT IsSuperseded OR d.indexed_version < v.version) AND (
                    v.announced_by <> @incarnation
                    OR (v.announced_by IS NULL AND (v.created_at < @startedAt OR v.updated_at <= @now - @grace))
                    OR v.updated_at <= @now - (@stalledAfter << min(v.attempts, 10)))
                ORDER BY v.updated_at, v.version_id LIMIT @batch
                """,
                new
                {
                    now,
                    incarnation = _incarnation,
                    startedAt = _startedAt,
                    grace = GraceMilliseconds + (1000L * options.Value.PublishTimeoutSeconds),
                    stalledAfter = 1000L * options.Value.ResumeStalledAfterSeconds,
                    batch = options.Value.ResumeBatch,
                }).Select(row => new UnfinishedDeletion(row.ToVersion(), IsStalled: row.AnnouncedBy == _incarnation)),
        ];
    }

    /// <summary>The bus holds the announcements of all of them.</summary>
    public Task MarkAnnouncedAsync(IReadOnlyList<DocumentVersion> deletions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deletions);
        return registry.WriteQuietlyAsync(
            write => deletions.Sum(deletion => write.Execute(
                """
                UPDATE versions SET announced_by = @incarnation, updated_at = @Now
                WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId AND version = @Version
                """,
                new { incarnation = _incarnation, write.Now, deletion.Key.Tenant, deletion.Key.Collection, deletion.Key.DocumentId, deletion.Version })),
            cancellationToken);
    }

    /// <summary>Announces a deletion again later, because a service could not do its part; fails it when its patience is at an end. Nothing of it counts as an attempt.</summary>
    public Task PostponeAsync(DocumentKey key, long version, string reason, CancellationToken cancellationToken) =>
        registry.WriteAsync(
            key,
            write =>
            {
                if (write.Find(key, version) is not { State: DocumentState.Deleting } row)
                {
                    return false;
                }

                if (write.Now - row.StateSince >= TimeSpan.FromHours(options.Value.DependencyPatienceHours).TotalMilliseconds)
                {
                    write.Move(row, DocumentState.Failed, DocumentFailures.DependencyDown(row.State, reason, row.Attempts));
                    return false;
                }

                write.Log(row, row.State, null, $"postponed: {DocumentFailure.Cut(reason)}");
                return write.Execute("UPDATE versions SET announced_by = NULL, updated_at = @Now WHERE version_id = @VersionId", new { write.Now, row.VersionId }) == 1;
            },
            cancellationToken);

    /// <summary>Counts one more try at a stalled deletion; what an earlier process left is not counted: that it ended says nothing against the document.</summary>
    /// <returns>False when it is not to be tried again: it came to rest, or now failed after too many tries.</returns>
    public Task<bool> TryAgainAsync(DocumentVersion deletion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deletion);
        return registry.WriteAsync(
            deletion.Key,
            write =>
            {
                if (write.Find(deletion.Key, deletion.Version) is not { State: DocumentState.Deleting } row)
                {
                    return false;
                }

                if (row.Attempts >= options.Value.MaxAttempts)
                {
                    write.Move(row, DocumentState.Failed, DocumentFailures.TooManyAttempts(row.State, row.Attempts));
                    return false;
                }

                write.Execute("UPDATE versions SET attempts = attempts + 1 WHERE version_id = @VersionId", new { row.VersionId });
                return true;
            },
            cancellationToken);
    }
}

/// <param name="Version">Not at rest.</param>
/// <param name="IsStalled">This process has announced it, and it has not moved since.</param>
public sealed record UnfinishedDeletion(DocumentVersion Version, bool IsStalled);
