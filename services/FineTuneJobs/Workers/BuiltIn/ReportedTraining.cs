using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuneJobs.Workers.Protocol;
using RagPlatform.FineTuning.Loop;

namespace RagPlatform.FineTuneJobs.Workers.BuiltIn;

/// <summary>Tells the service what the training loop does, with the speed and the time that is left, and tells the loop when it is to pause.</summary>
internal sealed class ReportedTraining(WorkerControl control, TrainerOutput output, TimeProvider time) : ITrainingObserver
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private long _begun;
    private long _lastReport;
    private (long Step, long Tokens) _first;
    private double _validationLoss;
    private TrainingProgress? _last;
    private long _lastAt;

    public bool IsPauseRequested => control.IsPauseRequested;

    public void Progressed(TrainingProgress progress)
    {
        if (_begun == 0)
        {
            _begun = time.GetTimestamp();
            _first = (progress.Step, progress.Tokens);
        }

        (_last, _lastAt) = (progress, time.GetTimestamp());
        if (time.GetElapsedTime(_lastReport) >= ProgressInterval)
        {
            _lastReport = time.GetTimestamp();
            Report(progress, "training");
        }
    }

    /// <summary>The last step, which may be one that was not told of: training is over.</summary>
    public void Complete()
    {
        if (_last is not null)
        {
            Report(_last, "exporting");
        }
    }

    private void Report(TrainingProgress progress, string phase)
    {
        var seconds = time.GetElapsedTime(_begun, _lastAt).TotalSeconds;
        var steps = progress.Step - _first.Step;
        output.Progressed(new JobProgress
        {
            Step = progress.Step,
            Steps = progress.Steps,
            Epoch = progress.Epoch,
            Tokens = progress.Tokens,
            TokensPerSecond = seconds > 0 ? (progress.Tokens - _first.Tokens) / seconds : 0,
            SecondsLeft = steps > 0 && phase == "training" ? seconds / steps * (progress.Steps - progress.Step) : 0,
            Loss = progress.Loss,
            ValidationLoss = _validationLoss,
            Phase = phase,
        });
    }

    public void Measured(string name, long step, double value)
    {
        if (name == "validation_loss")
        {
            _validationLoss = value;
        }

        output.Measured(step, name, value);
    }

    public void Said(string message) => output.Said("info", message);
}
