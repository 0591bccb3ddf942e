using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Tests.Remote.OpenAi;

/// <summary>Keeps what a run tells.</summary>
internal sealed class RecordedProgress : IJobProgress
{
    public JobWish Wish { get; set; }

    public List<string> Messages { get; } = [];

    public List<(long Step, string Name, double Value)> Metrics { get; } = [];

    public List<JobCheckpoint> Checkpoints { get; } = [];

    public IReadOnlyDictionary<string, string> Resolved { get; private set; } = new Dictionary<string, string>();

    public JobProgress Last { get; private set; } = new();

    public void Progressed(JobProgress progress) => Last = progress;

    public void Measured(long step, string name, double value) => Metrics.Add((step, name, value));

    public void Said(string level, string message) => Messages.Add(message);

    public void Kept(JobCheckpoint checkpoint) => Checkpoints.Add(checkpoint);

    void IJobProgress.Resolved(IReadOnlyDictionary<string, string> hyperParameters) => Resolved = hyperParameters;

    public void Used(IReadOnlyDictionary<string, string> facts)
    {
        // Of no interest here.
    }
}
