using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Bert.Adapters;

/// <summary>
/// What an adapter adds to one linear layer, or to several on the same input as one: y += (x·Aᵀ)·Bᵀ with the A's one above the
/// other, [ranks, inputs], and the B's, with the scale in them, along a diagonal, [outputs, ranks].
/// </summary>
internal sealed class LinearAdapter
{
    private readonly PackedMatrix down;
    private readonly PackedMatrix up;

    /// <param name="pairs">By place among the joined layers; null where one is not adapted. A [rank, inputs], B [outputs, rank].</param>
    /// <param name="rank">Of all.</param>
    /// <param name="inputs">Of all.</param>
    /// <param name="outputs">Of each.</param>
    /// <param name="scale">On each B.</param>
    public LinearAdapter(IReadOnlyList<(float[] Down, float[] Up)?> pairs, int rank, int inputs, int outputs, float scale)
    {
        var ranks = rank * pairs.Count(pair => pair is not null);
        var (downs, ups) = (new float[ranks * inputs], new float[pairs.Count * outputs * ranks]);
        var start = 0;
        for (var i = 0; i < pairs.Count; i++)
        {
            if (pairs[i] is not { } pair)
            {
                continue;
            }
            pair.Down.CopyTo(downs, start * inputs);
            for (var output = 0; output < outputs; output++)
            {
                var row = ups.AsSpan((((i * outputs) + output) * ranks) + start, rank);
                pair.Up.AsSpan(output * rank, rank).CopyTo(row);
                VectorMath.Scale(row, scale);
            }
            start += rank;
        }
        down = new PackedMatrix(inputs, ranks);
        down.Pack(downs, inputs, ranks, 1, inputs);
        up = new PackedMatrix(ranks, pairs.Count * outputs);
        up.Pack(ups, ranks, pairs.Count * outputs, 1, ranks);
    }

    /// <summary>Columns of t.</summary>
    public int Ranks => down.Columns;

    /// <summary>t = x·Aᵀ.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="t">[rows, ranks]; overwritten.</param>
    /// <param name="rows">Of both.</param>
    public void Lower(ReadOnlySpan<float> x, Span<float> t, int rows) => MatrixMultiply.Multiply(x, down.Depth, down, t, Ranks, rows);

    /// <summary>y = t·Bᵀ in some panels' columns, as a linear layer of so many outputs has them.</summary>
    public void Raise(ReadOnlySpan<float> t, Span<float> y, int rows, PanelRange panels) =>
        MatrixMultiply.Multiply(t, Ranks, up, y, up.Columns, rows, [], Activation.None, panels);
}
