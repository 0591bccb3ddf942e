using System.Data;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>A job's row as Dapper reads it.</summary>
internal sealed class JobRow
{
    public const string Columns = """
        job_number AS JobNumber, job_id AS JobId, tenant AS Tenant, spec AS Spec, state AS State, wish AS Wish, owner AS Owner, created_at AS CreatedAt,
        started_at AS StartedAt, resumed_at AS ResumedAt, ended_at AS EndedAt, run_milliseconds AS RunMilliseconds, progress AS Progress, hyper_parameters AS HyperParameters,
        failure_code AS FailureCode, failure_problem AS FailureProblem, failure_remedy AS FailureRemedy, adapter AS Adapter, attempts AS Attempts, deaths AS Deaths,
        request_id AS RequestId, run_card AS RunCard, announced AS Announced
        """;

    public long JobNumber { get; init; }
    public string JobId { get; init; } = "";
    public string Tenant { get; init; } = "";
    public string Spec { get; init; } = "";
    public JobState State { get; init; }
    public JobWish Wish { get; init; }
    public string Owner { get; init; } = "";
    public long CreatedAt { get; init; }
    public long? StartedAt { get; init; }
    public long? ResumedAt { get; init; }
    public long? EndedAt { get; init; }
    public long RunMilliseconds { get; init; }
    public string Progress { get; init; } = "{}";
    public string HyperParameters { get; init; } = "{}";
    public string? FailureCode { get; init; }
    public string? FailureProblem { get; init; }
    public string? FailureRemedy { get; init; }
    public string Adapter { get; init; } = "";
    public int Attempts { get; init; }
    public int Deaths { get; init; }
    public string? RequestId { get; init; }
    public string? RunCard { get; init; }
    public bool Announced { get; init; }

    public static JobRow? Find(SqliteConnection connection, IDbTransaction? transaction, string jobId) =>
        connection.QuerySingleOrDefault<JobRow>($"SELECT {Columns} FROM jobs WHERE job_id = @jobId", new { jobId }, transaction);

    public Job ToJob(int queuePosition = 0) => new()
    {
        Id = JobId,
        Tenant = Tenant,
        Spec = JsonSerializer.Deserialize<JobSpec>(Spec)!,
        State = State,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        StartedAt = RegistryDatabase.Time(StartedAt),
        EndedAt = RegistryDatabase.Time(EndedAt),
        Progress = JsonSerializer.Deserialize<JobProgress>(Progress)!,
        Failure = FailureCode is null ? null : new JobFailure(FailureCode, FailureProblem!, FailureRemedy!),
        Adapter = Adapter,
        HyperParameters = JsonSerializer.Deserialize<Dictionary<string, string>>(HyperParameters)!,
        Attempts = Attempts,
        Deaths = Deaths,
        Wish = Wish,
        Owner = Owner,
        QueuePosition = queuePosition,
    };
}
