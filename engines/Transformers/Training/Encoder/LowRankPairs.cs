using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>
/// The adapters of linear layers on one input, as one: t[rows, ranks] = dropout(x)·Aᵀ with the A's one above the other, and
/// y += t·(scale·B)ᵀ for each layer's columns. A pass calls the three steps in their order; x and t are of the forward pass.
/// </summary>
internal sealed class LowRankPairs
{
    private readonly Pair[] pairs;
    private readonly float scale;
    private readonly int rank;
    private readonly int inputs;
    private readonly int outputs;
    private readonly float[] stacked;
    private readonly PackedMatrix down;
    private readonly PackedMatrix downBack;

    public LowRankPairs(LinearPart[] parts, EncoderLora lora)
    {
        (scale, rank, inputs) = (lora.Scale, lora.Rank, parts[0].Inputs);
        outputs = parts.Sum(part => part.Outputs);
        var starts = parts.Select((_, i) => parts[..i].Sum(part => part.Outputs)).ToArray();
        pairs = [.. parts.Zip(starts).Where(part => part.First.Down is not null).Select(part => new Pair(part.First, part.Second, rank))];
        stacked = new float[Ranks * inputs];
        down = new PackedMatrix(inputs, Ranks);
        downBack = new PackedMatrix(Ranks, inputs);
    }

    /// <summary>Columns of t.</summary>
    public int Ranks => pairs.Length * rank;

    /// <summary>A's gradients, then each Bᵀ's.</summary>
    public int ShareLength => (Ranks * inputs) + (rank * pairs.Sum(pair => pair.Part.Outputs));

    /// <summary>Takes over the parameters' values.</summary>
    public void Repack()
    {
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i].Part.Down!.Values.CopyTo(stacked, i * rank * inputs);
            pairs[i].Repack(scale);
        }
        down.Pack(stacked, inputs, Ranks, 1, inputs);
        downBack.Pack(stacked, Ranks, inputs, inputs, 1);
    }

    /// <param name="x">[rows, inputs], after dropout.</param>
    /// <param name="t">[rows, ranks]; overwritten.</param>
    /// <param name="y">[rows, outputs]; added to.</param>
    /// <param name="rows">Of all.</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> t, Span<float> y, int rows)
    {
        MatrixMultiply.Multiply(x, inputs, down, t, Ranks, rows);
        for (var i = 0; i < pairs.Length; i++)
        {
            MatrixMultiply.Add(t[(i * rank)..], Ranks, pairs[i].Up, y[pairs[i].Start..], outputs, rows);
        }
    }

    /// <summary>dt = dY·(scale·B), and dX·dropout += dt·A.</summary>
    /// <param name="dy">[rows, outputs].</param>
    /// <param name="dt">[rows, ranks]; overwritten.</param>
    /// <param name="dx">[rows, inputs], added to; empty where it is not wanted.</param>
    /// <param name="firstRow">In the pass, for the dropout.</param>
    /// <param name="rows">Of all.</param>
    /// <param name="dropout">As in the forward pass.</param>
    /// <param name="scratch">[rows, inputs].</param>
    public void InputGradient(ReadOnlySpan<float> dy, Span<float> dt, Span<float> dx, int firstRow, int rows, DropoutSite dropout, Span<float> scratch)
    {
        for (var i = 0; i < pairs.Length; i++)
        {
            MatrixMultiply.Multiply(dy[pairs[i].Start..], outputs, pairs[i].UpBack, dt[(i * rank)..], Ranks, rows);
        }
        if (dx.IsEmpty)
        {
            return;
        }
        if (!dropout.IsActive)
        {
            MatrixMultiply.Add(dt, Ranks, downBack, dx, inputs, rows);
            return;
        }
        MatrixMultiply.Multiply(dt, Ranks, downBack, scratch, inputs, rows);
        dropout.Apply(scratch, inputs, firstRow, rows);
        VectorMath.Add(dx[..(rows * inputs)], scratch[..(rows * inputs)]);
    }

    /// <summary>Adds dA = dtᵀ·dropout(x) and, without the scale, dBᵀ = tᵀ·dY to a share.</summary>
    /// <param name="x">[rows, inputs], after dropout.</param>
    /// <param name="t">[rows, ranks].</param>
    /// <param name="dy">[rows, outputs].</param>
    /// <param name="dt">[rows, ranks].</param>
    /// <param name="rows">Of all.</param>
    /// <param name="share">[<see cref="ShareLength"/>].</param>
    /// <param name="workspace">Of <see cref="TransposedMultiply"/>.</param>
    public void ParameterGradient(
        ReadOnlySpan<float> x, ReadOnlySpan<float> t, ReadOnlySpan<float> dy, ReadOnlySpan<float> dt, int rows, Span<float> share, Span<float> workspace)
    {
        TransposedMultiply.Add(dt, Ranks, x, inputs, rows, share, inputs, Ranks, inputs, workspace);
        share = share[(Ranks * inputs)..];
        for (var i = 0; i < pairs.Length; i++)
        {
            var width = pairs[i].Part.Outputs;
            TransposedMultiply.Add(t[(i * rank)..], Ranks, dy[pairs[i].Start..], outputs, rows, share, width, rank, width, workspace);
            share = share[(rank * width)..];
        }
    }

    /// <summary>Adds a share to the parameters' gradients.</summary>
    public void AddShare(ReadOnlySpan<float> share)
    {
        foreach (var pair in pairs)
        {
            VectorMath.Add(pair.Part.Down!.Gradient, share[..(rank * inputs)]);
            share = share[(rank * inputs)..];
        }
        foreach (var pair in pairs)
        {
            var (width, gradient) = (pair.Part.Outputs, pair.Part.Up!.Gradient);
            for (var output = 0; output < width; output++)
            {
                for (var r = 0; r < rank; r++)
                {
                    gradient[(output * rank) + r] += scale * share[(r * width) + output];
                }
            }
            share = share[(rank * width)..];
        }
    }

    /// <param name="part">Whose B it is.</param>
    /// <param name="start">Of its outputs among those of all.</param>
    /// <param name="rank">Of the adapter.</param>
    private sealed class Pair(LinearPart part, int start, int rank)
    {
        private readonly float[] scaled = new float[part.Outputs * rank];

        public LinearPart Part => part;

        public int Start => start;

        public PackedMatrix Up { get; } = new(rank, part.Outputs);

        public PackedMatrix UpBack { get; } = new(part.Outputs, rank);

        public void Repack(float scale)
        {
            part.Up!.Values.CopyTo(scaled, 0);
            VectorMath.Scale(scaled, scale);
            Up.Pack(scaled, rank, part.Outputs, 1, rank);
            UpBack.Pack(scaled, part.Outputs, rank, rank, 1);
        }
    }
}
