using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>One write to the registry. Every change of a job's state goes through <see cref="Move"/>.</summary>
internal sealed class RegistryTransaction(SqliteConnection connection, SqliteTransaction transaction, long now)
{
    private const int MaxMessageCharacters = 2000;

    public SqliteConnection Connection => connection;

    public SqliteTransaction Transaction => transaction;

    /// <summary>Unix milliseconds.</summary>
    public long Now => now;

    public JobRow? Find(string jobId) => JobRow.Find(connection, transaction, jobId);

    public int Execute(string sql, object parameters) => connection.Execute(sql, parameters, transaction);

    public T? Scalar<T>(string sql, object parameters) => connection.ExecuteScalar<T>(sql, parameters, transaction);

    /// <summary>
    /// Moves a job as <see cref="JobStates"/> allows, and says so in its events. Who leaves running has no owner and no wish any
    /// more, and its time is counted; what succeeded or failed is announced.
    /// </summary>
    /// <returns>False when that may not follow, and nothing was changed.</returns>
    public bool Move(JobRow row, JobState to, string message, JobFailure? failure = null)
    {
        if (!row.State.MayBecome(to))
        {
            return false;
        }

        Execute(
            """
            UPDATE jobs SET state = @to, wish = 0, owner = CASE WHEN @to = 3 THEN owner ELSE '' END,
                run_milliseconds = run_milliseconds + CASE WHEN state = 3 THEN @Now - coalesce(resumed_at, @Now) ELSE 0 END,
                started_at = CASE WHEN @to = 3 THEN coalesce(started_at, @Now) ELSE started_at END,
                resumed_at = CASE WHEN @to = 3 THEN @Now ELSE resumed_at END,
                ended_at = CASE WHEN @isOver THEN @Now END,
                deaths = CASE WHEN @to = 2 THEN 0 ELSE deaths END,
                failure_code = @Code, failure_problem = @Problem, failure_remedy = @Remedy,
                announced = CASE WHEN @isAnnounced THEN 0 ELSE announced END
            WHERE job_number = @JobNumber
            """,
            new { to, isOver = to.IsOver(), isAnnounced = to is JobState.Succeeded or JobState.Failed, Now, failure?.Code, failure?.Problem, failure?.Remedy, row.JobNumber });
        Say(row, failure is null ? "info" : "error", failure is null ? message : $"{message} {failure.Problem} {failure.Remedy}");
        return true;
    }

    /// <summary>Adds to the job's events.</summary>
    public void Say(JobRow row, string level, string message) =>
        Execute(
            "INSERT INTO job_events (job_number, sequence, at, level, message) VALUES (@JobNumber, @sequence, @Now, @level, @message)",
            new { row.JobNumber, sequence = NextSequence(row), Now, level, message = message.Length <= MaxMessageCharacters ? message : string.Concat(message.AsSpan(0, MaxMessageCharacters - 1), "…") });

    /// <summary>Events and metrics of a job share their numbers, so that one number says what a watcher has seen.</summary>
    public long NextSequence(JobRow row) =>
        Scalar<long>("UPDATE jobs SET last_sequence = last_sequence + 1 WHERE job_number = @JobNumber RETURNING last_sequence", new { row.JobNumber });
}
