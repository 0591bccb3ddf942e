using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>Trains by some methods: in a worker of this machine, or elsewhere.</summary>
public interface IJobRunner
{
    bool Offers(TrainingMethod method);

    /// <summary>What a job of that method may set; null where any name and value is passed on.</summary>
    IReadOnlyList<HyperParameter>? HyperParameters(TrainingMethod method);

    /// <summary>
    /// Runs a job from its begin, or from where it stopped, until it ends in one of the ways of <see cref="JobEnd"/>. It looks at
    /// <see cref="IJobProgress.Wish"/> and obeys it, and leaves no process behind, however it ends.
    /// </summary>
    /// <exception cref="OperationCanceledException">The service stops, or has lost the job; it goes on later, or elsewhere.</exception>
    Task<JobEnd> RunAsync(JobRun run, CancellationToken cancellationToken);
}

/// <param name="Job">As it was taken.</param>
/// <param name="Folder">The job's own; there while it is not deleted.</param>
/// <param name="Progress">Is told what happens.</param>
public sealed record JobRun(Job Job, string Folder, IJobProgress Progress);

/// <summary>Takes what happens in a run; it is written soon, a few times a second at most.</summary>
public interface IJobProgress
{
    /// <summary>What the job is to become; changes while it runs.</summary>
    JobWish Wish { get; }

    void Progressed(JobProgress progress);

    void Measured(long step, string name, double value);

    /// <param name="level">info, warn or error.</param>
    void Said(string level, string message);

    void Kept(JobCheckpoint checkpoint);

    /// <summary>As they are used, "auto" resolved.</summary>
    void Resolved(IReadOnlyDictionary<string, string> hyperParameters);

    /// <summary>What was used and is only known where it trains: hashes, threads, environment. By name, for the run card.</summary>
    void Used(IReadOnlyDictionary<string, string> facts);
}

/// <summary>How a run ended.</summary>
public abstract record JobEnd
{
    private JobEnd()
    {
    }

    /// <param name="Folder">With the adapter's files; empty where they lie elsewhere.</param>
    /// <param name="RemoteModel">The name of the model elsewhere; empty where there are files.</param>
    /// <param name="Rows">Of the judgement on the held-out part; may be empty.</param>
    public sealed record Succeeded(string Folder, string RemoteModel, IReadOnlyList<EvaluationRow> Rows) : JobEnd;

    public sealed record Paused : JobEnd;

    public sealed record Cancelled : JobEnd;

    /// <param name="Failure">Trying again changes nothing.</param>
    public sealed record Failed(JobFailure Failure) : JobEnd;

    /// <param name="Reason">What ended the worker before its job was done; it is tried again, from the last checkpoint.</param>
    public sealed record Died(string Reason) : JobEnd;
}
