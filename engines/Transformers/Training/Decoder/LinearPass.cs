using RagPlatform.Numerics;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>Both passes of the linear layers.</summary>
internal sealed class LinearPass(PassTeam team, DecoderActivations scratch)
{
    /// <summary>What is left out of the pairs' inputs; off but for training.</summary>
    public DropoutSeed Dropout { get; set; }

    /// <summary>y = x·Wᵀ + bias + scale·x·Aᵀ·Bᵀ.</summary>
    /// <param name="linear">The layers.</param>
    /// <param name="place">Theirs in the model, for dropout.</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="y">[rows, outputs].</param>
    /// <param name="narrow">[rows, narrow]: x·Aᵀ is kept there.</param>
    /// <param name="rows">Of all.</param>
    /// <param name="accumulate">Added to y instead of overwriting it.</param>
    public void Forward(TrainedLinear linear, int place, RowsOf x, RowsOf y, float[] narrow, int rows, bool accumulate = false)
    {
        if (linear.Down is null)
        {
            team.Product(x, linear.Weight, y, rows, accumulate, linear.Bias);
            return;
        }
        var kept = new RowsOf(narrow, 0, linear.NarrowSize);
        team.Product(Dropped(linear, place, x, rows), linear.Down, kept, rows);
        team.Product(x, linear.Weight, y, rows, accumulate, linear.Bias, (kept, linear.Up!));
    }

    /// <summary>Adds the parameters' gradients, and overwrites x's.</summary>
    /// <param name="linear">The layers.</param>
    /// <param name="place">As in the forward pass.</param>
    /// <param name="x">As in the forward pass.</param>
    /// <param name="outputGradient">[rows, outputs].</param>
    /// <param name="narrow">As the forward pass left it.</param>
    /// <param name="rows">Of all.</param>
    /// <param name="inputGradient">[rows, inputs]; null where it is not wanted.</param>
    public void Backward(TrainedLinear linear, int place, RowsOf x, RowsOf outputGradient, float[] narrow, int rows, RowsOf? inputGradient)
    {
        foreach (var part in linear.Parts)
        {
            var gradient = outputGradient with { Start = outputGradient.Start + part.First };
            if (part.Weight is not null)
            {
                team.Outer(gradient, part.Outputs, x, linear.Inputs, rows, part.Weight.Gradient);
            }
            if (part.Bias is not null)
            {
                team.AddRows(gradient, part.Outputs, rows, part.Bias.Gradient);
            }
        }
        if (linear.Down is null)
        {
            if (inputGradient is { } plain)
            {
                team.Product(outputGradient, linear.Transposed, plain, rows);
            }
            return;
        }
        var narrowGradient = new RowsOf(scratch.NarrowGradient, 0, linear.NarrowSize);
        team.Product(outputGradient, linear.UpTransposed!, narrowGradient, rows);
        AddPairs(linear, Dropped(linear, place, x, rows), outputGradient, new RowsOf(narrow, 0, linear.NarrowSize), narrowGradient, rows);
        if (inputGradient is not { } to)
        {
            return;
        }
        if (!Dropout.IsOn)
        {
            team.Product(outputGradient, linear.Transposed, to, rows, second: (narrowGradient, linear.DownTransposed!));
            return;
        }
        team.Product(outputGradient, linear.Transposed, to, rows);
        var dropped = new RowsOf(scratch.DroppedGradient, 0, linear.Inputs);
        team.Product(narrowGradient, linear.DownTransposed!, dropped, rows);
        var seed = Dropout.At(place);
        team.Rows(rows, row =>
        {
            var gradient = dropped.Span.Slice(row * dropped.Stride, linear.Inputs);
            seed.Apply(row, gradient);
            VectorMath.Add(to.Span.Slice(row * to.Stride, linear.Inputs), gradient);
        });
    }

    /// <summary>What the pairs read of x.</summary>
    private RowsOf Dropped(TrainedLinear linear, int place, RowsOf x, int rows)
    {
        if (!Dropout.IsOn)
        {
            return x;
        }
        var (to, seed) = (new RowsOf(scratch.Dropped, 0, linear.Inputs), Dropout.At(place));
        team.Rows(rows, row =>
        {
            var values = to.Span.Slice(row * to.Stride, linear.Inputs);
            x.Span.Slice(row * x.Stride, linear.Inputs).CopyTo(values);
            seed.Apply(row, values);
        });
        return to;
    }

    private void AddPairs(TrainedLinear linear, RowsOf x, RowsOf outputGradient, RowsOf narrow, RowsOf narrowGradient, int rows)
    {
        for (var i = 0; i < linear.Adapted.Length; i++)
        {
            var (part, at, rank) = (linear.Adapted[i], i * linear.Rank, linear.Rank);
            team.Outer(narrowGradient with { Start = at }, rank, x, linear.Inputs, rows, part.Down!.Gradient);
            // B is narrow: its gradient is summed as [rank, outputs], where the registers are full, and turned.
            var turned = new float[rank * part.Outputs];
            team.Outer(narrow with { Start = at }, rank, outputGradient with { Start = outputGradient.Start + part.First }, part.Outputs, rows, turned);
            var gradient = part.Up!.Gradient;
            for (var output = 0; output < part.Outputs; output++)
            {
                for (var k = 0; k < rank; k++)
                {
                    gradient[output * rank + k] += linear.Scale * turned[k * part.Outputs + output];
                }
            }
        }
    }
}
