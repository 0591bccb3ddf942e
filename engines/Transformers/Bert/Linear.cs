using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert;

/// <summary>y = x·Wᵀ + bias, with W packed for the matrix product.</summary>
internal sealed class Linear
{
    private readonly PackedMatrix weight;
    private readonly float[] bias;

    /// <param name="weight">[outputs, inputs], row-major.</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="inputs">Length of x.</param>
    public Linear(ReadOnlySpan<float> weight, float[] bias, int inputs)
    {
        this.weight = new PackedMatrix(inputs, bias.Length);
        this.weight.Pack(weight, inputs, bias.Length, depthStride: 1, columnStride: inputs);
        this.bias = bias;
    }

    public int Inputs => weight.Depth;

    public int Outputs => bias.Length;

    public static Linear Read(IWeights weights, LinearNames names, int inputs, int outputs) => new(
        weights.Read(names.Weight, outputs, inputs), weights.Read(names.Bias, outputs), inputs);

    /// <summary>Several layers on the same input as one, their outputs one after the other.</summary>
    public static Linear ReadJoined(IWeights weights, ReadOnlySpan<LinearNames> names, int inputs, int outputs)
    {
        var joined = new float[names.Length * outputs * inputs];
        var biases = new float[names.Length * outputs];
        for (var i = 0; i < names.Length; i++)
        {
            weights.Read(names[i].Weight, outputs, inputs).CopyTo(joined, i * outputs * inputs);
            weights.Read(names[i].Bias, outputs).CopyTo(biases, i * outputs);
        }
        return new Linear(joined, biases, inputs);
    }

    /// <param name="x">[rows, Inputs].</param>
    /// <param name="y">[rows, Outputs], overwritten.</param>
    /// <param name="rows">Number of rows.</param>
    public void Apply(ReadOnlySpan<float> x, Span<float> y, int rows)
    {
        MatrixMultiply.Multiply(x, Inputs, weight, y, Outputs, rows);
        for (var row = 0; row < rows; row++)
        {
            VectorMath.Add(y.Slice(row * Outputs, Outputs), bias);
        }
    }
}
