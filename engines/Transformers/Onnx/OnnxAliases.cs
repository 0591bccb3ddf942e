namespace RagPlatform.Transformers.Onnx;

/// <summary>Where a tensor is that goes by another name.</summary>
/// <param name="Initializer">Its name in the file.</param>
/// <param name="IsTransposed">The file has a linear layer's weight as [inputs, outputs].</param>
internal sealed record OnnxAlias(string Initializer, bool IsTransposed);

/// <summary>
/// Finds PyTorch's names again. Its exporter keeps the names of biases, embeddings and normalisations, but turns the
/// weights of linear layers round and calls them "onnx::MatMul_123"; which layer one belongs to is told by the bias that
/// is added to its product. Tensors with equal values it keeps once, with an Identity in the place of each other.
/// </summary>
internal static class OnnxAliases
{
    private const string Bias = ".bias";
    private const string Weight = ".weight";

    /// <exception cref="InvalidDataException">One bias is added to the products of two weights, or one weight has two biases.</exception>
    public static Dictionary<string, OnnxAlias> Of(
        IReadOnlyList<OnnxNode> nodes, IReadOnlyDictionary<string, OnnxInitializer> initializers, string file)
    {
        var aliases = new Dictionary<string, OnnxAlias>(StringComparer.Ordinal);
        foreach (var node in nodes.Where(node => node.Operation == OnnxNode.Same && node.Inputs.Count == 1))
        {
            // Large ones are never equal in a trained model; a hostile one could multiply itself by them.
            if (initializers.TryGetValue(node.Inputs[0], out var same) && same.Shape.Length <= 1)
            {
                Add(node.Output, new OnnxAlias(same.Name, IsTransposed: false));
            }
        }

        // Names of weights by their initializers.
        var layers = new Dictionary<string, string>(StringComparer.Ordinal);
        // Weights by the name of what comes out.
        var products = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in nodes.Where(node => node.Operation == OnnxNode.Product && node.Inputs.Count == 2))
        {
            products[node.Output] = node.Inputs[1];
        }
        foreach (var node in nodes)
        {
            switch (node.Operation, node.Inputs.Count)
            {
                case (OnnxNode.Sum, 2):
                    AddLinear(node.Inputs[0], products.GetValueOrDefault(node.Inputs[1]), isTransposed: true);
                    AddLinear(node.Inputs[1], products.GetValueOrDefault(node.Inputs[0]), isTransposed: true);
                    break;
                case (OnnxNode.ProductWithBias, 3):
                    AddLinear(node.Inputs[2], node.Inputs[1], isTransposed: node.Number("transB", 0) == 0);
                    break;
            }
        }
        return aliases;

        void AddLinear(string bias, string? weight, bool isTransposed)
        {
            if (bias.EndsWith(Bias, StringComparison.Ordinal) && InitializerOf(bias) is not null
                && weight is not null && InitializerOf(weight) is { } initializer)
            {
                var name = bias[..^Bias.Length] + Weight;
                if (!layers.TryAdd(initializer, name) && layers[initializer] != name)
                {
                    throw new InvalidDataException($"{file}: '{initializer}' is the weight of both '{layers[initializer]}' and '{name}'.");
                }
                Add(name, new OnnxAlias(initializer, isTransposed));
            }
        }

        string? InitializerOf(string name) => initializers.ContainsKey(name) ? name : aliases.GetValueOrDefault(name)?.Initializer;

        void Add(string name, OnnxAlias alias)
        {
            if (!initializers.ContainsKey(name) && !aliases.TryAdd(name, alias) && aliases[name] != alias)
            {
                throw new InvalidDataException(
                    $"{file} has two tensors that could be '{name}': '{aliases[name].Initializer}' and '{alias.Initializer}'.");
            }
        }
    }
}
