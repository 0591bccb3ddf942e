using Google.Protobuf.WellKnownTypes;
using RagPlatform.FineTuneJobs.Features.CreateJob;
using RagPlatform.FineTuneJobs.Features.WatchJob;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Features.ReadJobs;

internal static class ReadJobsMapping
{
    public static Job ToProto(this Jobs.Job job) => new()
    {
        Id = job.Id,
        Spec = job.Spec.ToProto(),
        State = (JobState)job.State,
        CreatedAt = job.CreatedAt.ToTimestamp(),
        StartedAt = job.StartedAt?.ToTimestamp(),
        EndedAt = job.EndedAt?.ToTimestamp(),
        Progress = job.Progress.ToProto(),
        Failure = job.Failure is null ? null : new JobFailure { Code = job.Failure.Code, Problem = job.Failure.Problem, Remedy = job.Failure.Remedy },
        Adapter = job.Adapter,
        HyperParameters = { job.HyperParameters.ToDictionary() },
        Attempts = job.Attempts,
        QueuePosition = job.QueuePosition,
    };

    /// <summary>Null when unspecified.</summary>
    public static Jobs.JobState? ToState(this JobState state) => state is JobState.Unspecified ? null
        : System.Enum.IsDefined((Jobs.JobState)state) ? (Jobs.JobState)state : throw FineTuneJobsErrors.Invalid("state", $"{(int)state} is no state of a job.", "Leave it out, or name one.");

    public static ListJobsResponse ToResponse(this JobPage page) => new() { Jobs = { page.Jobs.Select(job => job.ToProto()) }, NextPageToken = page.NextPageToken };

    public static ListJobEventsResponse ToResponse(this (IReadOnlyList<Jobs.JobEvent> Events, bool HasMore) page) =>
        new() { Events = { page.Events.Select(entry => entry.ToProto()) }, HasMore = page.HasMore };

    public static ListJobMetricsResponse ToResponse(this (IReadOnlyList<Jobs.MetricPoint> Metrics, bool HasMore) page) =>
        new() { Metrics = { page.Metrics.Select(point => point.ToProto()) }, HasMore = page.HasMore };

    public static WatchJobResponse ToResponse(this JobUpdate update) =>
        new() { Job = update.Job.ToProto(), Events = { update.Events.Select(entry => entry.ToProto()) }, Metrics = { update.Metrics.Select(point => point.ToProto()) } };

    public static ListCheckpointsResponse ToResponse(this IReadOnlyList<Jobs.JobCheckpoint> checkpoints, string jobId) => new()
    {
        Checkpoints =
        {
            checkpoints.Select(checkpoint => new Checkpoint
            {
                Id = $"ftckpt-{jobId["ftjob-".Length..]}-{checkpoint.Step}",
                Step = checkpoint.Step,
                CreatedAt = checkpoint.At.ToTimestamp(),
                ValidationLoss = checkpoint.ValidationLoss ?? 0,
                IsBest = checkpoint.IsBest,
                Bytes = checkpoint.Bytes,
            }),
        },
    };

    private static JobProgress ToProto(this Jobs.JobProgress progress) => new()
    {
        Step = progress.Step,
        Steps = progress.Steps,
        Epoch = progress.Epoch,
        Tokens = progress.Tokens,
        TokensPerSecond = progress.TokensPerSecond,
        SecondsLeft = progress.SecondsLeft,
        Loss = progress.Loss,
        ValidationLoss = progress.ValidationLoss,
        Phase = progress.Phase,
    };

    private static JobEvent ToProto(this Jobs.JobEvent entry) => new() { Sequence = entry.Sequence, At = entry.At.ToTimestamp(), Level = entry.Level, Message = entry.Message };

    private static MetricPoint ToProto(this Jobs.MetricPoint point) => new() { Sequence = point.Sequence, Step = point.Step, Name = point.Name, Value = point.Value };
}
