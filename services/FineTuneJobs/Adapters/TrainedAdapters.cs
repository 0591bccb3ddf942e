using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Makes an adapter of what a job has made.</summary>
internal sealed class TrainedAdapters(AdapterRegistry registry) : ITrainedAdapters
{
    public async Task<string> TakeAsync(TrainedAdapter adapter, CancellationToken cancellationToken)
    {
        var (job, spec) = (adapter.Job, adapter.Job.Spec);
        var finished = new FinishedTraining(job.Tenant, job.Id, spec.Project, spec.Suffix, spec.Method.Name(), spec.BaseModel, adapter.Folder, adapter.Rows) { RemoteModel = adapter.RemoteModel };
        return (await registry.RegisterAsync(finished, cancellationToken)).Id;
    }
}
