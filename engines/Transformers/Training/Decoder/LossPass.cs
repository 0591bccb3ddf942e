using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>
/// From the last hidden states to the loss, and back: only of the tokens with a label, and a few of them at a time, so that their
/// logits over the vocabulary take bounded memory.
/// </summary>
internal sealed class LossPass(DecoderConfig config, DecoderHead head, PassTeam team, DecoderActivations scratch)
{
    /// <summary>32 MiB of logits.</summary>
    private const int MaxLogits = 8 * 1024 * 1024;

    private readonly int rowsAtOnce = Math.Clamp(MaxLogits / config.VocabularySize, 8, 256);
    private float[] logits = [];

    /// <summary>The loss, and which labels were the likeliest token.</summary>
    public PackLoss Measure(TokenPack pack, CancellationToken cancellationToken)
    {
        var (sum, right) = (0.0, 0);
        foreach (var rows in Labelled(pack))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Predict(rows);
            var results = new (double Loss, bool IsRight)[rows.Length];
            team.Pieces(rows.Length, (_, i) =>
            {
                var row = Logits(i);
                var label = pack.Labels[rows[i]];
                var isRight = row.IndexOf(VectorMath.Highest(row)) == label;
                results[i] = (CrossEntropy.Loss(row, label), isRight);
            });
            sum += results.Sum(result => result.Loss);
            right += results.Count(result => result.IsRight);
        }
        return new PackLoss(sum, pack.LabelCount, right);
    }

    /// <summary>The loss; overwrites the last hidden states' gradient and adds the head's and the last norm's.</summary>
    /// <param name="pack">With labels.</param>
    /// <param name="factor">Of each label's gradient.</param>
    /// <param name="smoothing">Of the labels.</param>
    /// <param name="cancellationToken">Looked at between blocks.</param>
    public PackLoss Backward(TokenPack pack, float factor, float smoothing, CancellationToken cancellationToken)
    {
        var sum = 0.0;
        scratch.HiddenGradient.AsSpan(0, pack.Ids.Length * config.HiddenSize).Clear();
        foreach (var rows in Labelled(pack))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Predict(rows);
            var losses = new double[rows.Length];
            team.Pieces(rows.Length, (_, i) => losses[i] = CrossEntropy.ReplaceByGradient(Logits(i), pack.Labels[rows[i]], smoothing, factor));
            sum += losses.Sum();
            RowsOf gradient = new(logits, 0, config.VocabularySize), normed = new(scratch.Normed, 0, config.HiddenSize);
            if (head.Parameter is not null)
            {
                team.Outer(gradient, config.VocabularySize, normed, config.HiddenSize, rows.Length, head.Parameter.Gradient);
            }
            team.Product(gradient, head.Transposed, normed with { Values = scratch.NormedGradient }, rows.Length);
            for (var i = 0; i < rows.Length && head.Norm.Parameter is not null; i++)
            {
                RmsNormGradient.AddGain(Row(scratch.Last, rows[i]), config.NormEpsilon, Row(scratch.NormedGradient, i), head.Norm.Parameter.Gradient);
            }
            team.Rows(rows.Length, i => RmsNormGradient.AddSource(
                Row(scratch.Last, rows[i]), head.Norm.Gain, config.NormEpsilon, Row(scratch.NormedGradient, i), Row(scratch.HiddenGradient, rows[i])));
        }
        return new PackLoss(sum, pack.LabelCount, 0);
    }

    private IEnumerable<int[]> Labelled(TokenPack pack) =>
        Enumerable.Range(0, pack.Labels.Length).Where(row => pack.Labels[row] != TokenPack.NoLabel).Chunk(rowsAtOnce);

    private void Predict(int[] rows)
    {
        if (logits.Length < rows.Length * config.VocabularySize)
        {
            logits = DecoderActivations.New(rows.Length, config.VocabularySize);
        }
        team.Rows(rows.Length, i => VectorMath.RmsNorm(Row(scratch.Last, rows[i]), head.Norm.Gain, config.NormEpsilon, Row(scratch.Normed, i)));
        team.Product(new RowsOf(scratch.Normed, 0, config.HiddenSize), head.Weight, new RowsOf(logits, 0, config.VocabularySize), rows.Length);
    }

    private Span<float> Logits(int row) => logits.AsSpan(row * config.VocabularySize, config.VocabularySize);

    private Span<float> Row(float[] values, int row) => values.AsSpan(row * config.HiddenSize, config.HiddenSize);
}
