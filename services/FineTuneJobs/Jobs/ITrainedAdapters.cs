using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>Takes what a job has made, before the job is said to have succeeded.</summary>
public interface ITrainedAdapters
{
    /// <summary>Takes the files, which it may move, and gives the adapter's id; for the same job again, after a crash, the same one.</summary>
    Task<string> TakeAsync(TrainedAdapter adapter, CancellationToken cancellationToken);
}

/// <param name="Job">That made it.</param>
/// <param name="Folder">With its files; empty where the model is elsewhere.</param>
/// <param name="RemoteModel">The name of the model elsewhere; empty where there are files.</param>
/// <param name="Rows">Of the judgement on the held-out part; may be empty.</param>
public sealed record TrainedAdapter(Job Job, string Folder, string RemoteModel, IReadOnlyList<EvaluationRow> Rows);
