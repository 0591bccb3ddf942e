using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>One of the linear layers that read the same input.</summary>
/// <param name="Name">Without ".weight".</param>
/// <param name="Outputs">Rows of its weight.</param>
/// <param name="First">Where its outputs begin among those of all.</param>
/// <param name="Weight">[outputs, inputs]; null where it is not trained.</param>
/// <param name="Bias">[outputs]; null where there is none or it is not trained.</param>
/// <param name="Down">LoRA's A, [rank, inputs]; null without.</param>
/// <param name="Up">LoRA's B, [outputs, rank]; null without.</param>
internal sealed record LinearPart(string Name, int Outputs, int First, Parameter? Weight, Parameter? Bias, Parameter? Down, Parameter? Up);

/// <summary>
/// Linear layers that read the same input, as one matrix for the forward pass and its transpose for the backward pass; with the
/// trained weights themselves, or low-rank pairs beside frozen ones: A's one below the other, B's each in its own columns.
/// </summary>
internal sealed class TrainedLinear
{
    private readonly float scale;

    /// <param name="weights">The base's.</param>
    /// <param name="inputs">Columns of every weight.</param>
    /// <param name="hasBias">All of them have biases or none.</param>
    /// <param name="tuning">What is trained.</param>
    /// <param name="parts">Full names without ".weight", with their outputs.</param>
    public TrainedLinear(IWeights weights, int inputs, bool hasBias, DecoderTuning tuning, params ReadOnlySpan<(string Name, int Outputs)> parts)
    {
        Inputs = inputs;
        foreach (var (_, outputs) in parts)
        {
            Outputs += outputs;
        }
        (Weight, Transposed) = (new WeightMatrix(Outputs, inputs), new WeightMatrix(inputs, Outputs));
        Bias = hasBias ? new float[Outputs] : null;
        var list = new List<LinearPart>();
        var first = 0;
        foreach (var (name, outputs) in parts)
        {
            list.Add(Read(weights, tuning, name, outputs, first));
            first += outputs;
        }
        Parts = [.. list];
        Adapted = [.. list.Where(part => part.Down is not null)];
        if (Adapted.Length > 0)
        {
            (Rank, scale) = (tuning.Rank, tuning.Scale);
            (Down, DownTransposed) = (new WeightMatrix(NarrowSize, inputs), new WeightMatrix(inputs, NarrowSize));
            (Up, UpTransposed) = (new WeightMatrix(Outputs, NarrowSize), new WeightMatrix(NarrowSize, Outputs));
        }
    }

    public int Inputs { get; }

    /// <summary>Of all parts together.</summary>
    public int Outputs { get; }

    public LinearPart[] Parts { get; }

    /// <summary>The parts with low-rank pairs.</summary>
    public LinearPart[] Adapted { get; }

    /// <summary>Of a pair; 0 without.</summary>
    public int Rank { get; }

    /// <summary>What B's gradient is multiplied by.</summary>
    public float Scale => scale;

    /// <summary>Width of all pairs' narrow parts together; 0 without.</summary>
    public int NarrowSize => Adapted.Length * Rank;

    /// <summary>[outputs, inputs].</summary>
    public WeightMatrix Weight { get; }

    /// <summary>[inputs, outputs].</summary>
    public WeightMatrix Transposed { get; }

    /// <summary>[outputs]; null where there is none.</summary>
    public float[]? Bias { get; }

    /// <summary>[narrow, inputs]; null without pairs, as the next three.</summary>
    public WeightMatrix? Down { get; }

    /// <summary>[inputs, narrow].</summary>
    public WeightMatrix? DownTransposed { get; }

    /// <summary>[outputs, narrow], times the scale.</summary>
    public WeightMatrix? Up { get; }

    /// <summary>[narrow, outputs], times the scale.</summary>
    public WeightMatrix? UpTransposed { get; }

    public IEnumerable<Parameter> Parameters =>
        Parts.SelectMany(part => (Parameter?[])[part.Weight, part.Bias, part.Down, part.Up]).OfType<Parameter>();

    /// <summary>Takes over the parameters' values as they are now.</summary>
    public void Refresh()
    {
        foreach (var part in Parts)
        {
            if (part.Weight is not null)
            {
                Store(part.Weight.Values, part.First, part.Outputs);
            }
            part.Bias?.Values.CopyTo(Bias.AsSpan(part.First));
        }
        for (var i = 0; i < Adapted.Length; i++)
        {
            var (part, at) = (Adapted[i], i * Rank);
            Down!.Store(part.Down!.Values, at, Rank, Inputs, 0, Inputs, 1);
            DownTransposed!.Store(part.Down.Values, 0, Inputs, 1, at, Rank, Inputs);
            var up = Array.ConvertAll(part.Up!.Values, value => value * scale);
            Up!.Store(up, part.First, part.Outputs, Rank, at, Rank, 1);
            UpTransposed!.Store(up, at, Rank, 1, part.First, part.Outputs, Rank);
        }
    }

    /// <summary>The weights with their pairs merged into them, and the biases.</summary>
    public IEnumerable<Tensor> MergedTensors()
    {
        foreach (var part in Parts)
        {
            yield return new Tensor(part.Name + ".weight", [part.Outputs, Inputs], Merged(part));
            if (Bias is not null)
            {
                yield return new Tensor(part.Name + ".bias", [part.Outputs], part.Bias?.Values ?? Bias[part.First..(part.First + part.Outputs)]);
            }
        }
    }

    private float[] Merged(LinearPart part)
    {
        if (part.Weight is not null)
        {
            return part.Weight.Values;
        }
        var merged = new float[part.Outputs * Inputs];
        for (var row = 0; row < part.Outputs; row++)
        {
            var to = merged.AsSpan(row * Inputs, Inputs);
            Weight.CopyRow(part.First + row, to);
            for (var i = 0; i < (part.Up is null ? 0 : Rank); i++)
            {
                VectorMath.AddScaled(to, scale * part.Up!.Values[row * Rank + i], part.Down!.Values.AsSpan(i * Inputs, Inputs));
            }
        }
        return merged;
    }

    private LinearPart Read(IWeights weights, DecoderTuning tuning, string name, int outputs, int first)
    {
        var values = weights.Read(name + ".weight", outputs, Inputs);
        Store(values, first, outputs);
        Parameter? bias = null;
        if (Bias is not null)
        {
            var biases = weights.Read(name + ".bias", outputs);
            biases.CopyTo(Bias, first);
            bias = tuning.IsFull ? new Parameter(name + ".bias", biases, outputs, decays: false) : null;
        }
        if (tuning.IsFull)
        {
            return new LinearPart(name, outputs, first, new Parameter(name + ".weight", values, Inputs, decays: true), bias, null, null);
        }
        return tuning.Targets.Contains(name[(name.LastIndexOf('.') + 1)..])
            ? new LinearPart(
                name, outputs, first, null, null,
                new Parameter(name + ".lora_A.weight", new float[tuning.Rank * Inputs], Inputs, decays: true),
                new Parameter(name + ".lora_B.weight", new float[outputs * tuning.Rank], tuning.Rank, decays: true))
            : new LinearPart(name, outputs, first, null, null, null, null);
    }

    private void Store(float[] values, int first, int outputs)
    {
        Weight.Store(values, first, outputs, Inputs, 0, Inputs, 1);
        Transposed.Store(values, 0, Inputs, 1, first, outputs, Inputs);
    }
}
