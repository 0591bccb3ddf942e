using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Workers.Protocol;

/// <summary>A line that a trainer writes: docs/guides/training-protocol.md.</summary>
internal abstract record TrainerLine
{
    private TrainerLine()
    {
    }

    public sealed record Progress(JobProgress Value) : TrainerLine;

    public sealed record Metric(long Step, string Name, double Value) : TrainerLine;

    /// <param name="Path">In the job's folder.</param>
    public sealed record Checkpoint(long Step, string Path, double? ValidationLoss, bool IsBest) : TrainerLine;

    public sealed record Event(string Level, string Message) : TrainerLine;

    /// <summary>What is only known where it trains, for the run card.</summary>
    public sealed record Used(IReadOnlyDictionary<string, string> Facts, IReadOnlyDictionary<string, string>? HyperParameters) : TrainerLine;

    public sealed record Paused : TrainerLine;

    /// <param name="Folder">In the job's folder, with the adapter's files.</param>
    public sealed record Result(string Folder, IReadOnlyDictionary<string, string>? HyperParameters, IReadOnlyList<EvaluationRow> Rows) : TrainerLine;

    public sealed record Failure(JobFailure Value) : TrainerLine;
}
