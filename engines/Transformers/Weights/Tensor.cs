using RagPlatform.Numerics;

namespace RagPlatform.Transformers.Weights;

/// <summary>A named array of fp32 values, row-major.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions; empty for a single value.</param>
/// <param name="Values">As many as the product of the dimensions.</param>
public sealed record Tensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>A named array as its file stores it, row-major.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its dimensions; empty for a single value.</param>
/// <param name="Type">What the elements are.</param>
/// <param name="Values">The elements of an fp32 tensor; empty for others.</param>
/// <param name="Bits">The elements of an fp16 or bf16 tensor; empty for others.</param>
public sealed record StoredTensor(string Name, IReadOnlyList<int> Shape, ElementType Type, float[] Values, ushort[] Bits);

/// <summary>A file of named tensors. Reading is not thread-safe.</summary>
public interface IWeights : IDisposable
{
    bool Contains(string name);

    /// <summary>The tensor converted to fp32.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor, or the file is damaged there.</exception>
    Tensor Read(string name);

    /// <summary>The tensor with fp16 and bf16 left as they are; fp32 where the file's form of it has no 16-bit elements.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor, or the file is damaged there.</exception>
    StoredTensor ReadStored(string name)
    {
        var tensor = Read(name);
        return new StoredTensor(tensor.Name, tensor.Shape, ElementType.Float32, tensor.Values, []);
    }
}

internal static class WeightsExtensions
{
    /// <summary>The values of a tensor that must have exactly this shape.</summary>
    /// <exception cref="InvalidDataException">It is absent, damaged, of another shape, or has a value that is no finite number.</exception>
    public static float[] Read(this IWeights weights, string name, params ReadOnlySpan<int> shape)
    {
        var tensor = weights.Read(name);
        if (!shape.SequenceEqual([.. tensor.Shape]))
        {
            throw new InvalidDataException(
                $"Tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; config.json asks for [{string.Join(", ", shape.ToArray())}].");
        }
        FiniteValues.Require(name, tensor.Values);
        return tensor.Values;
    }
}
