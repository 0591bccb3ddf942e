using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Retrieving.Loss;

/// <summary>
/// Each query is to find its passage among all of the batch:
/// <code>L = mean over rows of -log( e^(s(q, p) / t) / Σ over passages c that are not excluded of e^(s(q, c) / t) )</code>
/// with s the dot product of vectors of length 1 and t the temperature. Source: van den Oord et al. 2018, arXiv:1807.03748
/// (InfoNCE); Henderson et al. 2017, arXiv:1705.00652 (the other queries' passages as negatives).
/// </summary>
internal static class InfoNce
{
    /// <returns>The loss; its gradient, times <paramref name="scale"/>, is added to both of the gradients.</returns>
    /// <param name="queries">[queries, width], length 1.</param>
    /// <param name="passages">[passages, width], length 1.</param>
    /// <param name="targets">Which passage each row is to find, and which it is not compared with.</param>
    /// <param name="temperature">Above 0; the lower, the more the nearest negatives count.</param>
    /// <param name="scale">Of the gradients.</param>
    /// <param name="queryGradients">[queries, width].</param>
    /// <param name="passageGradients">[passages, width].</param>
    public static double Add(
        UnitVectors queries, UnitVectors passages, ContrastiveBatch targets, double temperature, double scale,
        Span<float> queryGradients, Span<float> passageGradients)
    {
        var width = queries.Width;
        var scores = new double[passages.Rows];
        var loss = 0.0;
        for (var row = 0; row < targets.Rows.Count; row++)
        {
            var (query, positive) = targets.Rows[row];
            var vector = queries.Row(query);
            for (var passage = 0; passage < scores.Length; passage++)
            {
                scores[passage] = targets.IsExcluded(row, passage) ? double.NegativeInfinity : VectorMath.Dot(vector, passages.Row(passage)) / temperature;
            }
            var logSum = LogSumExp(scores);
            loss += logSum - scores[positive];
            for (var passage = 0; passage < scores.Length; passage++)
            {
                var share = Math.Exp(scores[passage] - logSum) - (passage == positive ? 1 : 0);
                if (share == 0)
                {
                    continue;
                }
                var gradient = (float)(share * scale / (temperature * targets.Rows.Count));
                VectorMath.AddScaled(queryGradients.Slice(query * width, width), gradient, passages.Row(passage));
                VectorMath.AddScaled(passageGradients.Slice(passage * width, width), gradient, vector);
            }
        }
        return loss / targets.Rows.Count;
    }

    /// <summary>log Σ e^x, with at least one x above minus infinity.</summary>
    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in values)
        {
            largest = Math.Max(largest, value);
        }
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += Math.Exp(value - largest);
        }
        return largest + Math.Log(sum);
    }
}
