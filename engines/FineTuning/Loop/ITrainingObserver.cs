namespace RagPlatform.FineTuning.Loop;

/// <summary>Is told what happens in training, on the loop's thread, and says when it is to pause.</summary>
public interface ITrainingObserver
{
    /// <summary>After this step a checkpoint is kept and the loop ends as paused.</summary>
    bool IsPauseRequested { get; }

    /// <summary>After every step.</summary>
    void Progressed(TrainingProgress progress);

    /// <param name="name">Such as train_loss, validation_loss, learning_rate, gradient_norm.</param>
    /// <param name="step">From 1.</param>
    /// <param name="value">Finite.</param>
    void Measured(string name, long step, double value);

    /// <param name="message">For people: what began, what was decided and why.</param>
    void Said(string message);
}

/// <param name="Step">Done, from 1.</param>
/// <param name="Steps">In all, if nothing stops it early.</param>
/// <param name="Epoch">With the part of the one under way.</param>
/// <param name="Tokens">Read so far, those of resumed runs included.</param>
/// <param name="Loss">Of the step.</param>
public sealed record TrainingProgress(long Step, long Steps, double Epoch, long Tokens, double Loss);
