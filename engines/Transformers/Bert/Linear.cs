using RagPlatform.Numerics;
using RagPlatform.Transformers.Bert.Adapters;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>y = activation(x·Wᵀ + bias), with W laid out for the matrix product of its precision.</summary>
internal sealed class Linear
{
    private readonly PackedMatrix? full;
    private readonly QuantizedMatrix? mixed;
    private readonly float[] bias;
    private readonly int inputs;

    /// <param name="weight">[outputs, inputs], row-major.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="inputs">Length of x.</param>
    /// <param name="precision">Of the product.</param>
    public Linear(ReadOnlySpan<float> weight, float[] bias, int inputs, WeightPrecision precision)
    {
        (this.bias, this.inputs) = (bias, inputs);
        if (precision == WeightPrecision.Rounded || (precision == WeightPrecision.Mixed && QuantizedMatrix.CanKeep(weight, inputs)))
        {
            mixed = new QuantizedMatrix(weight, inputs, bias.Length);
            return;
        }
        full = new PackedMatrix(inputs, bias.Length);
        full.Pack(weight, inputs, bias.Length, depthStride: 1, columnStride: inputs);
    }

    public int Outputs => bias.Length;

    /// <summary>It reads its input's codes rather than its values.</summary>
    public bool ReadsCodes => mixed is not null;

    private int Panels => mixed?.Panels ?? full!.Panels;

    public static Linear Read(IWeights weights, LinearNames names, int inputs, int outputs, WeightPrecision precision) => new(
        weights.Read(names.Weight, outputs, inputs), weights.Read(names.Bias, outputs), inputs, precision);

    /// <summary>Several layers on the same input as one, their outputs one after the other.</summary>
    public static Linear ReadJoined(IWeights weights, ReadOnlySpan<LinearNames> names, int inputs, int outputs, WeightPrecision precision)
    {
        // Read before there is room for them: only then is it known that the file has them all.
        var parts = new (float[] Weight, float[] Bias)[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            parts[i] = (weights.Read(names[i].Weight, outputs, inputs), weights.Read(names[i].Bias, outputs));
        }
        var joined = new float[names.Length * outputs * inputs];
        var biases = new float[names.Length * outputs];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i].Weight.CopyTo(joined, i * outputs * inputs);
            parts[i].Bias.CopyTo(biases, i * outputs);
        }
        return new Linear(joined, biases, inputs, precision);
    }

    /// <summary>Computes one of <paramref name="parts"/> equal parts of the outputs of every row.</summary>
    /// <param name="x">[rows, inputs], prepared.</param>
    /// <param name="y">[rows, Outputs]; this part's columns are overwritten.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="activation">On every output.</param>
    /// <param name="part">From 0.</param>
    /// <param name="parts">At least 1.</param>
    /// <param name="adapter">What is added before the activation; null for nothing.</param>
    /// <param name="lowered">The adapter's t.</param>
    public void Apply(
        LinearInput x, Span<float> y, int rows, Activation activation, int part, int parts, LinearAdapter? adapter = null, ReadOnlySpan<float> lowered = default)
    {
        var panels = PanelRange.Part(Panels, part, parts);
        if (adapter is not null)
        {
            adapter.Raise(lowered, y, rows, panels);
            MatrixMultiply.Multiply(x.Values, inputs, full!, y, Outputs, rows, bias, activation, panels, accumulate: true);
        }
        else if (mixed is not null)
        {
            QuantizedMultiply.Multiply(x.Codes!, mixed, y, Outputs, rows, bias, activation, panels);
        }
        else
        {
            MatrixMultiply.Multiply(x.Values, inputs, full!, y, Outputs, rows, bias, activation, panels);
        }
    }
}
