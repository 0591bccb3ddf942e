using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;

namespace RagPlatform.FineTuning.Decoding.Evaluation;

/// <param name="Loss">In nats.</param>
/// <param name="IsRight">The label was the likeliest token.</param>
internal readonly record struct TokenLoss(double Loss, bool IsRight)
{
    /// <param name="logits">Overwritten.</param>
    /// <param name="label">Below their number.</param>
    public static TokenLoss Of(Span<float> logits, int label)
    {
        var isRight = logits.IndexOf(VectorMath.Highest(logits)) == label;
        return new TokenLoss(CrossEntropy.Loss(logits, label), isRight);
    }
}
