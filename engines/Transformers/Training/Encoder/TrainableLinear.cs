using RagPlatform.Numerics;
using RagPlatform.Numerics.Gradients;

namespace RagPlatform.Transformers.Training.Encoder;

/// <summary>
/// y[rows, outputs] = x[rows, inputs]·Wᵀ + b, forward and backward, of one linear layer or of several on the same input, whose outputs
/// are one after the other. dX = dY·W; dW = dYᵀ·X (<see cref="TransposedMultiply"/>); db = Σ dY over rows. Threads share rows:
/// what they add to biases and adapters goes to shares, one for each group of rows, that are summed in the groups' order.
/// </summary>
internal sealed class TrainableLinear
{
    private readonly bool full;
    private readonly float[] joined;
    private readonly float[] bias;
    private readonly PackedMatrix weight;
    private readonly PackedMatrix weightBack;
    private readonly LowRankPairs? lora;

    public TrainableLinear(LinearPart[] parts, EncoderTuning tuning)
    {
        Parts = parts;
        Inputs = parts[0].Inputs;
        bias = new float[parts.Sum(part => part.Outputs)];
        full = tuning.Lora is null;
        joined = parts.Length == 1 ? parts[0].Weight.Values : new float[bias.Length * Inputs];
        weight = new PackedMatrix(Inputs, bias.Length);
        weightBack = new PackedMatrix(bias.Length, Inputs);
        lora = Array.Exists(parts, part => part.Down is not null) ? new LowRankPairs(parts, tuning.Lora!) : null;
        RepackWeight();
        lora?.Repack();
    }

    public LinearPart[] Parts { get; }

    public int Inputs { get; }

    public int Outputs => bias.Length;

    /// <summary>Columns of the adapters' t; 0 where there are none.</summary>
    public int Ranks => lora?.Ranks ?? 0;

    /// <summary>Length of what a group of rows adds to biases and adapters.</summary>
    public int ShareLength => full ? Outputs : lora?.ShareLength ?? 0;

    /// <summary>What is trained of it.</summary>
    public IEnumerable<Parameter> Parameters => full
        ? Parts.SelectMany(part => new[] { part.Weight, part.Bias })
        : Parts.Where(part => part.Down is not null).SelectMany(part => new[] { part.Down!, part.Up! });

    /// <summary>Takes over what may have changed of the parameters' values.</summary>
    public void Repack()
    {
        if (full)
        {
            RepackWeight();
        }
        lora?.Repack();
    }

    /// <param name="x">[rows, inputs].</param>
    /// <param name="t">[rows, <see cref="Ranks"/>]; overwritten.</param>
    /// <param name="y">[rows, outputs]; overwritten.</param>
    /// <param name="firstRow">In the pass, for the dropout.</param>
    /// <param name="rows">Of all.</param>
    /// <param name="dropout">Of the adapters' input.</param>
    /// <param name="scratch">[rows, inputs].</param>
    public void Forward(ReadOnlySpan<float> x, Span<float> t, Span<float> y, int firstRow, int rows, DropoutSite dropout, Span<float> scratch)
    {
        MatrixMultiply.Multiply(x, Inputs, weight, y, Outputs, rows, bias, Activation.None, new PanelRange(0, weight.Panels));
        lora?.Forward(Dropped(x, firstRow, rows, dropout, scratch), t, y, rows);
    }

    /// <summary>dX = dY·W, or dX += dY·W.</summary>
    /// <param name="dy">[rows, outputs].</param>
    /// <param name="dt">[rows, <see cref="Ranks"/>]; overwritten.</param>
    /// <param name="dx">[rows, inputs]; empty where it is not wanted.</param>
    /// <param name="accumulate">Adds to dX.</param>
    /// <param name="firstRow">In the pass, for the dropout.</param>
    /// <param name="rows">Of all.</param>
    /// <param name="dropout">As in the forward pass.</param>
    /// <param name="scratch">[rows, inputs].</param>
    public void InputGradient(
        ReadOnlySpan<float> dy, Span<float> dt, Span<float> dx, bool accumulate, int firstRow, int rows, DropoutSite dropout, Span<float> scratch)
    {
        if (!dx.IsEmpty && accumulate)
        {
            MatrixMultiply.Add(dy, Outputs, weightBack, dx, Inputs, rows);
        }
        else if (!dx.IsEmpty)
        {
            MatrixMultiply.Multiply(dy, Outputs, weightBack, dx, Inputs, rows);
        }
        lora?.InputGradient(dy, dt, dx, firstRow, rows, dropout, scratch);
    }

    /// <summary>Adds to a share what rows give to biases and adapters.</summary>
    public void ShareGradient(
        ReadOnlySpan<float> x, ReadOnlySpan<float> t, ReadOnlySpan<float> dy, ReadOnlySpan<float> dt, int firstRow, int rows, DropoutSite dropout,
        Span<float> share, Span<float> scratch, Span<float> workspace)
    {
        if (full)
        {
            ColumnSums.Add(dy, Outputs, rows, share);
        }
        lora?.ParameterGradient(Dropped(x, firstRow, rows, dropout, scratch), t, dy, dt, rows, share, workspace);
    }

    /// <summary>Adds a share to the parameters' gradients.</summary>
    public void AddShare(ReadOnlySpan<float> share)
    {
        if (full)
        {
            foreach (var part in Parts)
            {
                VectorMath.Add(part.Bias.Gradient, share[..part.Outputs]);
                share = share[part.Outputs..];
            }
        }
        lora?.AddShare(share);
    }

    private static ReadOnlySpan<float> Dropped(ReadOnlySpan<float> x, int firstRow, int rows, DropoutSite dropout, Span<float> scratch)
    {
        if (!dropout.IsActive)
        {
            return x;
        }
        var width = x.Length / rows;
        x.CopyTo(scratch);
        dropout.Apply(scratch, width, firstRow, rows);
        return scratch[..x.Length];
    }

    private void RepackWeight()
    {
        var start = 0;
        foreach (var part in Parts)
        {
            part.Bias.Values.CopyTo(bias, start);
            if (Parts.Length > 1)
            {
                part.Weight.Values.CopyTo(joined, start * Inputs);
            }
            start += part.Outputs;
        }
        weight.Pack(joined, Inputs, Outputs, 1, Inputs);
        weightBack.Pack(joined, Outputs, Inputs, Inputs, 1);
    }
}
