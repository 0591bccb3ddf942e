using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Features.ReadJobs;

/// <summary>A tenant's jobs, their events, metrics, checkpoints and run cards.</summary>
public sealed class ReadJobsHandler(JobCatalog catalog, JobFolders folders)
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;

    /// <summary>A page of jobs with many hyper-parameters is shorter: in UTF-8 it is to fit into a message of 16 MiB.</summary>
    private const int MaxPageCharacters = 4 * 1024 * 1024;

    private const int DefaultMetricsPageSize = 1000;
    private const int MaxMetricsPageSize = 10_000;

    public Job Get(string tenant, string id) => catalog.Find(tenant, id) ?? throw FineTuneJobsErrors.JobNotFound(id);

    public JobPage List(string tenant, JobState? state, string project, int pageSize, string pageToken)
    {
        var size = Pages.Size(pageSize, DefaultPageSize, MaxPageSize);
        var jobs = catalog.List(tenant, state, project, Pages.Read<JobPosition>(pageToken)?.Number ?? long.MaxValue, size + 1);
        var characters = 0;
        var page = jobs.Take(size).TakeWhile((entry, index) => (characters += CharactersOf(entry.Job)) <= MaxPageCharacters || index == 0).ToList();
        return new JobPage([.. page.Select(entry => entry.Job)], jobs.Count > page.Count ? Pages.Write(new JobPosition(page[^1].Number)) : "");
    }

    private static int CharactersOf(Job job) =>
        1000 + new[] { job.Spec.HyperParameters, job.HyperParameters, job.Spec.Metadata }.SelectMany(entries => entries).Sum(entry => entry.Key.Length + entry.Value.Length);

    public (IReadOnlyList<JobEvent> Events, bool HasMore) Events(string tenant, string id, long after, int pageSize)
    {
        var size = Pages.Size(pageSize, DefaultPageSize, MaxPageSize);
        var events = catalog.Events(Get(tenant, id).Id, after, size + 1);
        return ([.. events.Take(size)], events.Count > size);
    }

    public (IReadOnlyList<MetricPoint> Metrics, bool HasMore) Metrics(string tenant, string id, string name, long after, int pageSize)
    {
        var size = Pages.Size(pageSize, DefaultMetricsPageSize, MaxMetricsPageSize);
        var metrics = catalog.Metrics(Get(tenant, id).Id, name, after, size + 1);
        return ([.. metrics.Take(size)], metrics.Count > size);
    }

    /// <summary>Those that are still there: a trainer keeps the last few and the best.</summary>
    public IReadOnlyList<JobCheckpoint> Checkpoints(string tenant, string id) =>
        [.. catalog.Checkpoints(Get(tenant, id).Id).Where(checkpoint => Path.Exists(Path.Combine(folders.Of(id), checkpoint.Path)))];

    public string RunCard(string tenant, string id)
    {
        var job = Get(tenant, id);
        return catalog.RunCard(id) ?? throw FineTuneJobsErrors.RunCardMissing(id, job.State);
    }
}

/// <param name="NextPageToken">Empty on the last page.</param>
public sealed record JobPage(IReadOnlyList<Job> Jobs, string NextPageToken);

/// <summary>Where a page ends.</summary>
internal sealed record JobPosition(long Number);
