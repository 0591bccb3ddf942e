using Dapper;
using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Registry;

/// <summary>
/// The versions that are to be processed. They wait here and nowhere else: what a process holds of them it has taken, and the
/// next process puts back what that left.
/// </summary>
public sealed class VersionQueue(RegistryDatabase registry, IOptions<IngestionOptions> options, TimeProvider time)
{
    /// <summary>Holds the registry's only writer for some 10 ms.</summary>
    private const int StepVersions = 1000;

    public QueueReader OpenReader() => new(registry.OpenReader());

    /// <summary>What an earlier process had taken waits again. Call it before this one takes any.</summary>
    /// <returns>How many.</returns>
    public Task<int> PutBackTakenAsync(CancellationToken cancellationToken) =>
        InStepsAsync("SELECT version_id FROM versions WHERE queue_state = 3 AND queue_state > 0 LIMIT @StepVersions", cancellationToken);

    /// <summary>What was postponed until now waits again.</summary>
    /// <returns>How many.</returns>
    public Task<int> PutBackPostponedAsync(CancellationToken cancellationToken) =>
        InStepsAsync("SELECT version_id FROM versions WHERE queue_state = 2 AND not_before <= @Now LIMIT @StepVersions", cancellationToken);

    /// <summary>Taken ones that have not moved for long, the longer the more often they were tried: some of their messages were lost, or their work was.</summary>
    /// <param name="held">That this process holds: some of them may only wait for their turn, and must not hide the others.</param>
    public IReadOnlyList<DocumentVersion> FindStalled(int held)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. VersionRow.Query(
                connection,
                """
                WHERE v.queue_state = 3 AND v.queue_state > 0 AND v.updated_at <= @now - (@stalledAfter << min(v.attempts, 10))
                ORDER BY v.updated_at, v.version_id LIMIT @batch
                """,
                new { now = time.GetUtcNow().ToUnixTimeMilliseconds(), stalledAfter = 1000L * options.Value.ResumeStalledAfterSeconds, batch = options.Value.ResumeBatch + held })
                .Select(row => row.ToVersion()),
        ];
    }

    /// <summary>A stalled version waits again, or fails after its last try. One that is superseded leaves the queue.</summary>
    /// <param name="version">A stalled one.</param>
    /// <param name="isCounted">
    /// Whether the try says anything about the document. One that had yet to be extracted is counted when it is begun.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    public Task<bool> TryAgainAsync(DocumentVersion version, bool isCounted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        return registry.WriteAsync(
            version.Key,
            write =>
            {
                if (write.Find(version.Key, version.Version) is not { QueueState: QueueState.Taken } row)
                {
                    return false;
                }

                var counted = isCounted && row.State >= DocumentState.Embedding;
                if (counted && row.Attempts >= options.Value.MaxAttempts)
                {
                    write.Move(row, DocumentState.Failed, DocumentFailures.TooManyAttempts(row.State, row.Attempts));
                    return false;
                }

                var to = row.IsSuperseded ? QueueState.None : QueueState.Waiting;
                write.Execute(
                    "UPDATE versions SET attempts = attempts + @one, queue_state = @to, updated_at = @Now WHERE version_id = @VersionId",
                    new { one = counted ? 1 : 0, to, write.Now, row.VersionId });
                return to is QueueState.Waiting;
            },
            cancellationToken);
    }

    /// <summary>Begun and not at rest: no more than a process holds, whatever waits.</summary>
    /// <param name="tenant">Of all tenants when null.</param>
    /// <param name="collection">Of all collections when empty.</param>
    public long CountTaken(string? tenant, string collection)
    {
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<long>(
            $"""
            SELECT count(*) FROM versions WHERE queue_state = 3 AND queue_state > 0
            {(tenant is null ? "" : "AND tenant = @tenant")} {(collection.Length > 0 ? "AND collection = @collection" : "")}
            """,
            new { tenant, collection });
    }

    /// <summary>How long the oldest version of each kind has stood there; none for an empty kind.</summary>
    public IReadOnlyDictionary<QueueState, TimeSpan> Ages()
    {
        using var connection = registry.OpenReader();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var ages = new Dictionary<QueueState, TimeSpan>();
        foreach (var state in new[] { QueueState.Waiting, QueueState.Postponed, QueueState.Taken })
        {
            if (connection.ExecuteScalar<long?>("SELECT min(updated_at) FROM versions WHERE queue_state = @state AND queue_state > 0", new { state }) is { } oldest)
            {
                ages[state] = TimeSpan.FromMilliseconds(now - oldest);
            }
        }

        return ages;
    }

    /// <summary>Collections in which versions wait, counted up to a limit.</summary>
    public int CountLanes(int limit)
    {
        using var reader = OpenReader();
        var count = 0;
        for (var tenant = reader.NextTenant(""); tenant is not null && count < limit; tenant = reader.NextTenant(tenant))
        {
            for (var collection = reader.NextCollection(tenant, ""); collection is not null && count < limit; collection = reader.NextCollection(tenant, collection))
            {
                count++;
            }
        }

        return count;
    }

    private async Task<int> InStepsAsync(string selection, CancellationToken cancellationToken)
    {
        var total = 0;
        int step;
        do
        {
            step = await registry.WriteQuietlyAsync(
                write => write.Execute($"UPDATE versions SET queue_state = 1, updated_at = @Now WHERE version_id IN ({selection})", new { write.Now, StepVersions }), cancellationToken);
            total += step;
        }
        while (step == StepVersions);

        return total;
    }
}
