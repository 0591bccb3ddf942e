using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Decoders;

/// <summary>y = x·Wᵀ + bias.</summary>
/// <param name="Weight">[outputs, inputs].</param>
/// <param name="Bias">[outputs]; null where there is none.</param>
internal sealed record DecoderLinear(WeightMatrix Weight, float[]? Bias)
{
    /// <summary>Layers on the same input as one; all of them have biases or none.</summary>
    public static DecoderLinear Read(MatrixReader reader, bool bias, int inputs, params ReadOnlySpan<(string Name, int Outputs)> parts)
    {
        var weights = new (string, int)[parts.Length];
        var biases = new List<float>();
        for (var i = 0; i < parts.Length; i++)
        {
            var (name, outputs) = parts[i];
            weights[i] = (name + ".weight", outputs);
            if (bias)
            {
                biases.AddRange(reader.Vector(name + ".bias", outputs));
            }
        }
        return new DecoderLinear(reader.Matrix(inputs, weights), bias ? [.. biases] : null);
    }
}
