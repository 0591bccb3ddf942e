using Dapper;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>What is known of jobs.</summary>
public sealed class JobCatalog(RegistryDatabase registry)
{
    /// <summary>Null when the tenant has none of that id.</summary>
    public Job? Find(string tenant, string id)
    {
        using var connection = registry.OpenReader();
        return JobRow.Find(connection, null, id) is { } row && row.Tenant == tenant ? row.ToJob(JobQueue.Position(connection, row)) : null;
    }

    /// <summary>The newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="state">Null for all.</param>
    /// <param name="project">Empty for all.</param>
    /// <param name="before">Jobs with a lower number; <see cref="long.MaxValue"/> for the first page.</param>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<(long Number, Job Job)> List(string tenant, JobState? state, string project, long before, int limit)
    {
        using var connection = registry.OpenReader();
        var rows = connection.Query<JobRow>(
            $"""
            SELECT {JobRow.Columns} FROM jobs
            WHERE tenant = @tenant AND job_number < @before AND (@state IS NULL OR state = @state) AND (@project = '' OR project = @project)
            ORDER BY job_number DESC LIMIT @limit
            """,
            new { tenant, before, state, project, limit }).AsList();
        var positions = rows.Exists(row => row.State is JobState.Queued) ? JobQueue.Positions(connection) : [];
        return [.. rows.Select(row => (row.JobNumber, row.ToJob(positions.GetValueOrDefault(row.JobNumber))))];
    }

    /// <summary>By their order, those that come after that number.</summary>
    public IReadOnlyList<JobEvent> Events(string id, long after, int limit)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. connection.Query<(long Sequence, long At, string Level, string Message)>(
                "SELECT sequence, at, level, message FROM job_events WHERE job_number = (SELECT job_number FROM jobs WHERE job_id = @id) AND sequence > @after ORDER BY sequence LIMIT @limit",
                new { id, after, limit }).Select(row => new JobEvent(row.Sequence, DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Level, row.Message)),
        ];
    }

    /// <summary>By their order, those that come after that number.</summary>
    /// <param name="name">Empty for all.</param>
    public IReadOnlyList<MetricPoint> Metrics(string id, string name, long after, int limit)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. connection.Query<(long Sequence, long Step, string Name, double Value)>(
                """
                SELECT sequence, step, name, value FROM job_metrics
                WHERE job_number = (SELECT job_number FROM jobs WHERE job_id = @id) AND sequence > @after AND (@name = '' OR name = @name) ORDER BY sequence LIMIT @limit
                """,
                new { id, name, after, limit }).Select(row => new MetricPoint(row.Sequence, row.Step, row.Name, row.Value)),
        ];
    }

    /// <summary>By their step.</summary>
    public IReadOnlyList<JobCheckpoint> Checkpoints(string id)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. connection.Query<(long Step, long At, double? ValidationLoss, bool IsBest, long Bytes, string Path)>(
                "SELECT step, at, validation_loss, is_best, bytes, path FROM job_checkpoints WHERE job_number = (SELECT job_number FROM jobs WHERE job_id = @id) ORDER BY step", new { id })
                .Select(row => new JobCheckpoint(row.Step, DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.ValidationLoss, row.IsBest, row.Bytes, row.Path)),
        ];
    }

    /// <summary>JSON; null before the job has begun.</summary>
    public string? RunCard(string id)
    {
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<string?>("SELECT run_card FROM jobs WHERE job_id = @id", new { id });
    }

    /// <summary>Jobs by state, of all tenants.</summary>
    public IReadOnlyDictionary<JobState, long> CountByState()
    {
        using var connection = registry.OpenReader();
        return connection.Query<(JobState State, long Jobs)>("SELECT state, count(*) FROM jobs GROUP BY state").ToDictionary(row => row.State, row => row.Jobs);
    }
}

/// <param name="ValidationLoss">Null before the first validation.</param>
/// <param name="Path">In the job's folder.</param>
public sealed record JobCheckpoint(long Step, DateTimeOffset At, double? ValidationLoss, bool IsBest, long Bytes, string Path);
