using RagPlatform.FineTuning.Retrieving.Loss;

namespace RagPlatform.FineTuning.Retrieving.Reranking;

/// <summary>
/// The answer is to score highest among the passages of its query: L = -log( e^s0 / Σ e^si ), with its gradient. Source: Cao et
/// al., "Learning to rank: from pairwise approach to listwise approach", ICML 2007, for one relevant document.
/// </summary>
internal static class ListwiseLoss
{
    /// <param name="scores">The answer's first; at least one.</param>
    public static (double Loss, float[] Gradients) Compute(ReadOnlySpan<float> scores)
    {
        var values = new double[scores.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = scores[i];
        }
        var logSum = InfoNce.LogSumExp(values);
        var gradients = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            gradients[i] = (float)(Math.Exp(values[i] - logSum) - (i == 0 ? 1 : 0));
        }
        return (logSum - values[0], gradients);
    }
}
