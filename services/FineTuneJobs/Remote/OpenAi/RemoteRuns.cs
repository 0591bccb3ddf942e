using Dapper;
using RagPlatform.FineTuneJobs.Adapters;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>What is known of the runs elsewhere: kept, durably, before anything else happens, and until they are known to be over.</summary>
internal sealed class RemoteRuns(AdapterDatabase database)
{
    private const string Select = """
        SELECT job AS Job, tenant AS Tenant, training_file AS TrainingFile, validation_file AS ValidationFile, remote_job AS RemoteJob, asked_at AS AskedAt, last_event AS LastEvent
        FROM remote_runs

        """;

    /// <summary>That of our job; a new one where there is none.</summary>
    public Task<RemoteRun> BeginAsync(string tenant, string job, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) =>
            {
                connection.Execute("INSERT INTO remote_runs (job, tenant, begun_at) VALUES (@job, @tenant, @Now) ON CONFLICT (job) DO NOTHING", new { job, tenant, database.Now }, transaction);
                return connection.QuerySingle<RemoteRun>(Select + "WHERE job = @job", new { job }, transaction);
            },
            cancellationToken);

    public Task SaveAsync(RemoteRun run, CancellationToken cancellationToken) =>
        database.WriteAsync(
            (connection, transaction) => connection.Execute(
                """
                UPDATE remote_runs SET training_file = @TrainingFile, validation_file = @ValidationFile, remote_job = @RemoteJob, asked_at = @AskedAt, last_event = @LastEvent
                WHERE job = @Job
                """,
                run, transaction),
            cancellationToken);

    /// <summary>It is over there, and nothing of it is left to be looked after.</summary>
    public Task EndAsync(string job, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction) => connection.Execute("DELETE FROM remote_runs WHERE job = @job", new { job }, transaction), cancellationToken);

    /// <summary>Those that are not over, the oldest first.</summary>
    public IReadOnlyList<RemoteRun> List(int limit)
    {
        using var connection = database.OpenReader();
        return connection.Query<RemoteRun>(Select + "ORDER BY begun_at LIMIT @limit", new { limit }).AsList();
    }
}

/// <summary>A run elsewhere, as far as it has come.</summary>
internal sealed record RemoteRun
{
    public string Job { get; init; } = "";

    public string Tenant { get; init; } = "";

    /// <summary>Ids there; null until they are uploaded.</summary>
    public string? TrainingFile { get; init; }

    public string? ValidationFile { get; init; }

    /// <summary>Id there; null until it is known.</summary>
    public string? RemoteJob { get; init; }

    /// <summary>Unix milliseconds when the job was first asked for, kept before it is; null before.</summary>
    public long? AskedAt { get; init; }

    /// <summary>Id of the last event that was told; empty for none.</summary>
    public string LastEvent { get; init; } = "";

    public DateTimeOffset? Asked => AskedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
