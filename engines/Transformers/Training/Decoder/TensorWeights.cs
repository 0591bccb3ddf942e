using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>Tensors in memory.</summary>
internal sealed class TensorWeights(IEnumerable<Tensor> tensors) : IWeights
{
    private readonly Dictionary<string, Tensor> byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

    public bool Contains(string name) => byName.ContainsKey(name);

    public Tensor Read(string name) =>
        byName.TryGetValue(name, out var tensor) ? tensor : throw new InvalidDataException($"There is no tensor '{name}'.");

    public void Dispose()
    {
        // Nothing is open.
    }
}
