using RagPlatform.FineTuning.Loop;

namespace RagPlatform.FineTuning.Tests.Loop;

internal sealed class RecordingObserver : ITrainingObserver
{
    public long PauseAfterStep { get; init; } = long.MaxValue;

    public List<TrainingProgress> Progress { get; } = [];

    public List<(string Name, long Step, double Value)> Measures { get; } = [];

    public List<string> Messages { get; } = [];

    public bool IsPauseRequested => Progress.Count > 0 && Progress[^1].Step >= PauseAfterStep;

    public void Progressed(TrainingProgress progress) => Progress.Add(progress);

    public void Measured(string name, long step, double value) => Measures.Add((name, step, value));

    public void Said(string message) => Messages.Add(message);
}
