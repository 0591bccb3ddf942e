using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Makes an adapter of what a job has made.</summary>
internal sealed class TrainedAdapters(AdapterRegistry registry, ReadJobExamples read) : ITrainedAdapters
{
    public async Task<string> TakeAsync(TrainedAdapter adapter, CancellationToken cancellationToken)
    {
        var (job, spec) = (adapter.Job, adapter.Job.Spec);
        var examples = await Task.Run(() => Read(job, cancellationToken), cancellationToken);
        var finished = new FinishedTraining(job.Tenant, job.Id, spec.Project, spec.Suffix, spec.Method.Name(), spec.BaseModel, adapter.Folder, adapter.Rows)
        {
            RemoteModel = adapter.RemoteModel,
            HeldOut = examples?.Parts.Test ?? [],
            LeakedExamples = examples?.LeakedExamples ?? 0,
        };
        return (await registry.RegisterAsync(finished, cancellationToken)).Id;
    }

    /// <summary>Null where a dataset was deleted while the job ran: what cannot be judged does not pass.</summary>
    private JobExamples? Read(Job job, CancellationToken cancellationToken)
    {
        try
        {
            return read(job, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
