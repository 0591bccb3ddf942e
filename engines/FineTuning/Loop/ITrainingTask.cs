using RagPlatform.Transformers.Training;

namespace RagPlatform.FineTuning.Loop;

/// <summary>What one method of training gives to the loop that all of them share: examples, their loss with its gradient, and a judgement.</summary>
public interface ITrainingTask
{
    /// <summary>All that is trained, always in the same order.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Tokens of each training example, at least 1: batches are made of examples of like length.</summary>
    IReadOnlyList<int> ExampleTokens { get; }

    /// <summary>What the result depends on that the loop does not see, such as the data's hash and the method's own settings: a checkpoint of another is refused.</summary>
    string Identity => "";

    /// <summary>Whether there is anything to validate on; without, the last parameters are taken.</summary>
    bool CanValidate => true;

    /// <summary>Times the learning rate, of a parameter: heads that begin at nothing may learn faster than what is tuned.</summary>
    double RateFactor(Parameter parameter) => 1;

    /// <summary>An epoch's batches, where the method cares which examples meet in one; null leaves it to the loop (<see cref="LengthBuckets"/>).</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="seed">Of this epoch: the same seed gives the same batches.</param>
    IReadOnlyList<int[]>? PlanEpoch(int epoch, ulong seed) => null;

    /// <summary>Adds the gradient of the examples' mean loss, times <paramref name="scale"/>, to the parameters' gradients.</summary>
    /// <param name="examples">Positions among the training examples, of one batch.</param>
    /// <param name="scale">The batch's part of the step.</param>
    /// <param name="seed">Of dropout and whatever else is random: the same seed gives the same gradient, bit for bit.</param>
    /// <param name="cancellationToken">Looked at between passes.</param>
    StepLoss Accumulate(ReadOnlySpan<int> examples, double scale, ulong seed, CancellationToken cancellationToken);

    /// <summary>Judges the parameters as they are on the validation examples, without dropout.</summary>
    /// <param name="cancellationToken">Looked at between passes.</param>
    ValidationResult Validate(CancellationToken cancellationToken);
}

/// <param name="Loss">Mean over what carried loss in the batch.</param>
/// <param name="Tokens">Read.</param>
public readonly record struct StepLoss(double Loss, int Tokens);

/// <param name="Loss">Mean over the validation examples; early stopping and the best checkpoint go by <paramref name="Score"/>.</param>
/// <param name="Score">The higher, the better; minus the loss where the method has nothing better.</param>
/// <param name="Metrics">By name, for people; the score is one of them.</param>
public sealed record ValidationResult(double Loss, double Score, IReadOnlyDictionary<string, double> Metrics);
