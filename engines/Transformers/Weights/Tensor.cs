namespace RagPlatform.Transformers.Weights;

/// <summary>A named array of fp32 values, row-major.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions; empty for a single value.</param>
/// <param name="Values">As many as the product of the dimensions.</param>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>A file of named tensors. Reading is not thread-safe.</summary>
public interface IWeights : IDisposable
{
    bool Contains(string name);

    /// <summary>The tensor converted to fp32.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor, or the file is damaged there.</exception>
    Tensor Read(string name);
}

internal static class WeightsExtensions
{
    /// <summary>The values of a tensor that must have exactly this shape.</summary>
    /// <exception cref="InvalidDataException">It is absent, damaged or of another shape.</exception>
    public static float[] Read(this IWeights weights, string name, params ReadOnlySpan<int> shape)
    {
        var tensor = weights.Read(name);
        return shape.SequenceEqual([.. tensor.Shape])
            ? tensor.Values
            : throw new InvalidDataException(
                $"Tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; config.json asks for [{string.Join(", ", shape.ToArray())}].");
    }
}
