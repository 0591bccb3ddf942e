using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Features.ControlJob;

/// <summary>Pauses, resumes, cancels and deletes jobs. The wish is durable when a call returns, whatever becomes of the service then.</summary>
public sealed class ControlJobHandler(JobWriter jobs, JobCatalog catalog, JobChanges changes, JobFolders folders, TimeProvider time)
{
    /// <summary>How long a cancellation waits for the worker's end before it answers with the job still running.</summary>
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public Task<Job> PauseAsync(string tenant, string id, CancellationToken cancellationToken) => jobs.PauseAsync(tenant, id, cancellationToken);

    public Task<Job> ResumeAsync(string tenant, string id, CancellationToken cancellationToken) => jobs.ResumeAsync(tenant, id, cancellationToken);

    public async Task<Job> CancelAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        using var subscription = changes.Subscribe();
        var started = time.GetTimestamp();
        var job = await jobs.CancelAsync(tenant, id, cancellationToken);
        while (job.State is JobState.Running && time.GetElapsedTime(started) < CancelPatience)
        {
            await subscription.WaitAsync(PollInterval, time, cancellationToken);
            job = catalog.Find(tenant, id) ?? throw FineTuneJobsErrors.JobNotFound(id);
        }

        if (job.State is JobState.Cancelled)
        {
            folders.Delete(id);
        }

        return job;
    }

    public async Task DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await jobs.DeleteAsync(tenant, id, cancellationToken);
        folders.Delete(id);
    }
}
