using Dapper;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Estimates;

/// <summary>How fast this machine trained before.</summary>
public sealed class PastRates(RegistryDatabase registry)
{
    /// <summary>Tokens per second over the whole run of the last job that succeeded with that method and model; null before the first.</summary>
    public (double TokensPerSecond, string Job)? Find(TrainingMethod method, string baseModel)
    {
        using var connection = registry.OpenReader();
        var (job, tokens, milliseconds) = connection.QuerySingleOrDefault<(string? Job, long Tokens, long Milliseconds)>(
            """
            SELECT job_id, json_extract(progress, '$.Tokens'), run_milliseconds FROM jobs
            WHERE state = 5 AND json_extract(spec, '$.Method') = @method AND json_extract(spec, '$.BaseModel') = @baseModel
            ORDER BY job_number DESC LIMIT 1
            """,
            new { method, baseModel });
        return job is not null && tokens > 0 && milliseconds > 0 ? (tokens * 1000.0 / milliseconds, job) : null;
    }
}
