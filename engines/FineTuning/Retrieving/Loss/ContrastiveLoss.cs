using RagPlatform.FineTuning.Retrieving.Batches;

namespace RagPlatform.FineTuning.Retrieving.Loss;

/// <summary>
/// <see cref="InfoNce"/> over vectors of any length, at their full width and, where wanted, at prefixes of it, so that
/// vectors cut to these still search well (Kusupati et al. 2022, arXiv:2205.13147); and an anchor that holds the vectors
/// near the base model's, so that what it knows of other texts stays:
/// <code>L = mean over widths of InfoNCE + w · mean over all vectors of (1 - cos(v, v of the base))</code>
/// </summary>
/// <param name="Temperature">Above 0.</param>
/// <param name="Widths">Components that are taken, each at most the vectors' length; at least one.</param>
/// <param name="AnchorWeight">w, 0 for none.</param>
internal sealed record ContrastiveLoss(double Temperature, IReadOnlyList<int> Widths, double AnchorWeight)
{
    /// <returns>The loss, and its gradients times <paramref name="scale"/>.</returns>
    /// <param name="batch">Whose vectors they are.</param>
    /// <param name="vectors">[queries + passages, width], the queries first; not of unit length.</param>
    /// <param name="anchors">The base model's, of the same texts, of unit length; empty where nothing is anchored.</param>
    /// <param name="width">Length of a vector.</param>
    /// <param name="scale">Of the gradients.</param>
    public (double Loss, float[] Gradients) Compute(ContrastiveBatch batch, ReadOnlySpan<float> vectors, ReadOnlySpan<float> anchors, int width, double scale)
    {
        var gradients = new float[vectors.Length];
        var split = batch.Queries.Count * width;
        var loss = 0.0;
        foreach (var taken in Widths)
        {
            var queries = new UnitVectors(vectors[..split], width, taken);
            var passages = new UnitVectors(vectors[split..], width, taken);
            var queryGradients = new float[queries.Values.Length];
            var passageGradients = new float[passages.Values.Length];
            loss += InfoNce.Add(queries, passages, batch, Temperature, scale / Widths.Count, queryGradients, passageGradients) / Widths.Count;
            queries.AddGradient(queryGradients, gradients.AsSpan(0, split), width);
            passages.AddGradient(passageGradients, gradients.AsSpan(split), width);
        }
        return (AnchorWeight == 0 ? loss : loss + AddAnchor(vectors, anchors, width, scale, gradients), gradients);
    }

    private double AddAnchor(ReadOnlySpan<float> vectors, ReadOnlySpan<float> anchors, int width, double scale, Span<float> gradients)
    {
        var units = new UnitVectors(vectors, width, width);
        var unitGradients = new float[vectors.Length];
        var cosines = 0.0;
        for (var i = 0; i < unitGradients.Length; i++)
        {
            cosines += (double)units.Values[i] * anchors[i];
            unitGradients[i] = (float)(-AnchorWeight * scale / units.Rows * anchors[i]);
        }
        units.AddGradient(unitGradients, gradients, width);
        return AnchorWeight * (1 - (cosines / units.Rows));
    }
}
