using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Loop;

/// <summary>The loop that all methods of training share: batches, steps, validation, checkpoints, and when to stop.</summary>
public static class TrainingLoop
{
    /// <summary>
    /// Trains, or goes on from the latest checkpoint: the end is the same, bit for bit, as without the interruption, on the
    /// same machine with the same threads. At the end the parameters are those of the best validation.
    /// </summary>
    /// <param name="task">As it was when the checkpoints were taken; its parameters are as they begin.</param>
    /// <param name="settings">The same as then, but that the threads of the optimizer may differ.</param>
    /// <param name="seed">Of all that is random.</param>
    /// <param name="checkpoints">Of this run alone.</param>
    /// <param name="observer">Told on this thread.</param>
    /// <param name="cancellationToken">Looked at between batches; the last checkpoint stays.</param>
    /// <exception cref="TrainingException">
    /// NOTHING_TO_LEARN: no examples or parameters. DIVERGED: a loss or gradient is not finite. CHECKPOINT_MISMATCH: the latest
    /// checkpoint is of another run.
    /// </exception>
    /// <exception cref="OperationCanceledException">The parameters are of no use then.</exception>
    public static TrainingEnd Run(
        ITrainingTask task, TrainingSettings settings, ulong seed, ICheckpointStore checkpoints, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        if (settings.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(settings));
        }

        if (task.ExampleTokens.Count == 0 || task.Parameters.Count == 0)
        {
            throw new TrainingException(
                "NOTHING_TO_LEARN",
                $"There are {task.ExampleTokens.Count} training examples and {task.Parameters.Count} parameters to train; at least 1 of each is needed.",
                "Give examples that the method can learn from.");
        }

        var plan = new EpochPlan(task, settings, seed);
        if (plan.Steps == 0)
        {
            throw new TrainingException("NOTHING_TO_LEARN", "The training examples make no batch; at least 1 is needed.", "Give more examples, or smaller batches.");
        }

        var run = new RunState(task, settings, plan.Steps, seed);
        run.Resume(checkpoints, observer);
        while (run.Step < plan.Steps && !run.HasLostPatience)
        {
            TakeStep(task, settings, plan, run, observer, seed, cancellationToken);
            var isBest = ValidateIfDue(task, settings, plan, run, observer, cancellationToken);
            var isPaused = observer.IsPauseRequested;
            if (isPaused || isBest || (settings.CheckpointEverySteps > 0 && run.Step % settings.CheckpointEverySteps == 0))
            {
                run.Save(checkpoints, isBest);
            }

            // Nothing is left to pause once the last step is done.
            if (isPaused && run.Step < plan.Steps && !run.HasLostPatience)
            {
                return run.End(plan.Steps, isPaused: true);
            }
        }

        run.RestoreBest(checkpoints);
        return run.End(plan.Steps, isPaused: false);
    }

    private static void TakeStep(
        ITrainingTask task, TrainingSettings settings, EpochPlan plan, RunState run, ITrainingObserver observer, ulong seed, CancellationToken cancellationToken)
    {
        var step = run.Step + 1;
        var batches = plan.BatchesOf(step);
        var examples = batches.Sum(batch => batch.Length);
        var (loss, tokens) = (0.0, 0L);
        foreach (var parameter in task.Parameters)
        {
            parameter.ClearGradient();
        }

        for (var batch = 0; batch < batches.Count; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var share = (double)batches[batch].Length / examples;
            var result = task.Accumulate(batches[batch], share, RandomSeed.Derive(RandomSeed.Derive(seed, (ulong)step), (ulong)batch), cancellationToken);
            loss += share * result.Loss;
            tokens += result.Tokens;
        }

        ThrowUnlessFinite(loss, "loss", step, run.RateAt(step));
        var norm = GradientNorm.Of(task.Parameters);
        ThrowUnlessFinite(norm, "gradient's norm", step, run.RateAt(step));
        run.TakeStep(GradientNorm.ClipFactor(norm, settings.MaxGradientNorm), tokens);
        observer.Progressed(new TrainingProgress(step, plan.Steps, plan.EpochsDone(step), run.Tokens, loss));
        observer.Measured("train_loss", step, loss);
        observer.Measured("learning_rate", step, run.RateAt(step));
        observer.Measured("gradient_norm", step, norm);
    }

    /// <returns>Whether there was a validation and its score is the best so far.</returns>
    private static bool ValidateIfDue(
        ITrainingTask task, TrainingSettings settings, EpochPlan plan, RunState run, ITrainingObserver observer, CancellationToken cancellationToken)
    {
        var isDue = run.Step == plan.Steps || (settings.ValidateEverySteps > 0 ? run.Step % settings.ValidateEverySteps == 0 : plan.EndsEpoch(run.Step));
        if (!task.CanValidate || !isDue)
        {
            return false;
        }

        run.Settle();
        var result = task.Validate(cancellationToken);
        ThrowUnlessFinite(result.Loss, "validation loss", run.Step, run.RateAt(run.Step));
        ThrowUnlessFinite(result.Score, "validation score", run.Step, run.RateAt(run.Step));
        var isBest = run.Judge(result);
        observer.Measured("validation_loss", run.Step, result.Loss);
        foreach (var (name, value) in result.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Where(metric => double.IsFinite(metric.Value)))
        {
            observer.Measured($"validation_{name}", run.Step, value);
        }

        if (run.HasLostPatience)
        {
            observer.Said($"Stopped early after step {run.Step}: {settings.Patience} validations without a better score than {run.BestScore:G4} of step {run.BestStep}.");
        }

        return isBest;
    }

    private static void ThrowUnlessFinite(double value, string what, long step, double rate)
    {
        if (!double.IsFinite(value))
        {
            throw new TrainingException(
                "DIVERGED",
                $"The {what} is {value} after step {step}, at a learning rate of {rate:G3}; it must be finite.",
                "Train with a third of the learning_rate, or a longer warm_up_share.");
        }
    }
}
