using System.Diagnostics;
using System.Globalization;
using RagPlatform.FineTuning.Loop;

namespace RagPlatform.Bench.Quality.Specialists;

/// <summary>Writes a run's progress, every hundredth step, and all of its validations.</summary>
internal sealed class SpecialistProgress(TextWriter lines, string name) : ITrainingObserver
{
    private const int LinesEverySteps = 100;
    private readonly long began = Stopwatch.GetTimestamp();

    public bool IsPauseRequested => false;

    public void Progressed(TrainingProgress progress)
    {
        if (progress.Step % LinesEverySteps == 0)
        {
            Write($"step {progress.Step} of {progress.Steps}, loss {progress.Loss:0.000}");
        }
    }

    public void Measured(string name, long step, double value)
    {
        if (name.StartsWith("validation", StringComparison.Ordinal))
        {
            Write($"step {step}, {name} {value:0.0000}");
        }
    }

    public void Said(string message) => Write($"{message}");

    private void Write(FormattableString text)
    {
        lines.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s, {name}: {text.ToString(CultureInfo.InvariantCulture)}");
        lines.Flush();
    }
}
