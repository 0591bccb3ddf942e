using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;

namespace RagPlatform.FineTuning.Evaluation;

/// <summary>
/// Multinomial logistic regression's loss over given texts, mean negative log-likelihood + penalty / 2 · ‖W‖², with its
/// gradient (C. Bishop, "Pattern Recognition and Machine Learning", 2006, section 4.3.4). Weights are W [classes, width],
/// then a bias per class, which has no penalty.
/// </summary>
internal sealed class LogisticLoss
{
    /// <summary>Texts that one thread computes at a time; fixed, so that sums do not depend on the number of threads.</summary>
    private const int BlockTexts = 256;

    private readonly EmbeddedExamples texts;
    private readonly int classes;
    private readonly ParallelOptions options;
    private readonly PackedMatrix packed;
    private readonly float[] slopes;

    public LogisticLoss(EmbeddedExamples texts, int classes, int threads, CancellationToken cancellationToken)
    {
        (this.texts, this.classes) = (texts, classes);
        options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        packed = new PackedMatrix(texts.Width, classes);
        slopes = new float[checked(texts.Count * classes)];
    }

    /// <summary>How many weights there are.</summary>
    public int Length => (classes * texts.Width) + classes;

    /// <summary>The loss; its gradient is written.</summary>
    public double At(float[] weights, double penalty, float[] gradient)
    {
        var matrix = classes * texts.Width;
        packed.Pack(weights.AsSpan(0, matrix), texts.Width, classes, 1, texts.Width);
        var blocks = (texts.Count + BlockTexts - 1) / BlockTexts;
        var losses = new double[blocks];
        Parallel.For(0, blocks, options, block => losses[block] = Slopes(weights.AsSpan(matrix), block * BlockTexts));
        Array.Clear(gradient);
        Parallel.For(0, OuterProducts.TilesOf(texts.Width), options, tile =>
            OuterProducts.Add(slopes, classes, classes, texts.Values, texts.Width, texts.Width, texts.Count, gradient.AsSpan(0, matrix), texts.Width, tile));
        ColumnSums.Add(slopes, classes, texts.Count, gradient.AsSpan(matrix));
        VectorMath.AddScaled(gradient.AsSpan(0, matrix), (float)penalty, weights.AsSpan(0, matrix));
        return losses.Sum() + (penalty / 2 * VectorMath.Dot(weights.AsSpan(0, matrix), weights.AsSpan(0, matrix)));
    }

    /// <summary>Writes by how much each logit of a block's texts should fall, for the mean loss; returns the block's part of it.</summary>
    private double Slopes(ReadOnlySpan<float> bias, int from)
    {
        var count = Math.Min(BlockTexts, texts.Count - from);
        var rows = slopes.AsSpan(from * classes, count * classes);
        MatrixMultiply.Multiply(
            texts.Values.AsSpan(from * texts.Width), texts.Width, packed, rows, classes, count, bias, Activation.None, new PanelRange(0, packed.Panels));
        var loss = 0.0;
        for (var i = 0; i < count; i++)
        {
            var row = rows.Slice(i * classes, classes);
            VectorMath.Softmax(row);
            ref var right = ref row[texts.Labels[from + i]];
            loss -= Math.Log(Math.Max(right, float.Epsilon));
            right -= 1;
        }

        VectorMath.Scale(rows, 1f / texts.Count);
        return loss / texts.Count;
    }
}
