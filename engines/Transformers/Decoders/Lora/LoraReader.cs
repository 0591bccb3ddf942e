using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Decoders;

/// <summary>Reads an adapter's pairs and refuses tensors that the decoder has no place for.</summary>
internal sealed class LoraReader(SafetensorsFile weights, LoraSettings settings, DecoderConfig config)
{
    private const string Root = "base_model.model.model.layers.";

    private readonly (LoraTarget Target, string Module, int Inputs, int Outputs)[] targets =
    [
        (LoraTarget.Query, "self_attn.q_proj", config.HiddenSize, config.QuerySize),
        (LoraTarget.Key, "self_attn.k_proj", config.HiddenSize, config.KeySize),
        (LoraTarget.Value, "self_attn.v_proj", config.HiddenSize, config.KeySize),
        (LoraTarget.AttentionOutput, "self_attn.o_proj", config.QuerySize, config.HiddenSize),
        (LoraTarget.Gate, "mlp.gate_proj", config.HiddenSize, config.IntermediateSize),
        (LoraTarget.Up, "mlp.up_proj", config.HiddenSize, config.IntermediateSize),
        (LoraTarget.Down, "mlp.down_proj", config.IntermediateSize, config.HiddenSize),
    ];

    /// <summary>[layers, targets]; null where a layer is not adapted.</summary>
    public LoraPair?[,] ReadAll()
    {
        var unread = weights.Names.ToHashSet(StringComparer.Ordinal);
        var pairs = new LoraPair?[config.Layers, targets.Length];
        for (var layer = 0; layer < config.Layers; layer++)
        {
            foreach (var (target, module, inputs, outputs) in targets)
            {
                pairs[layer, (int)target] = Read($"{Root}{layer}.{module}", inputs, outputs, unread);
            }
        }
        if (unread.FirstOrDefault() is { } name)
        {
            throw new InvalidDataException(
                $"The adapter has {unread.Count} tensors that it does not target or a decoder of {config.Layers} layers has no place for, such as '{name}'.");
        }
        return weights.Names.Count > 0 ? pairs : throw new InvalidDataException("The adapter has no tensors.");
    }

    private LoraPair? Read(string module, int inputs, int outputs, HashSet<string> unread)
    {
        var (down, up) = (NameOf(module, "lora_A"), NameOf(module, "lora_B"));
        if (!settings.Includes(module) || (!settings.EveryLayer && !weights.Contains(down) && !weights.Contains(up)))
        {
            return null;
        }
        unread.Remove(down);
        unread.Remove(up);
        var narrow = Finite(down, settings.Rank, inputs);
        VectorMath.Scale(narrow, settings.Scale);
        return new LoraPair(
            new WeightMatrix(narrow, settings.Rank, inputs), new WeightMatrix(Finite(up, outputs, settings.Rank), outputs, settings.Rank));
    }

    /// <summary>Older PEFT versions keep the adapter's name in the tensor's.</summary>
    private string NameOf(string module, string part) =>
        weights.Contains($"{module}.{part}.default.weight") ? $"{module}.{part}.default.weight" : $"{module}.{part}.weight";

    private float[] Finite(string name, int rows, int columns)
    {
        var tensor = weights.Read(name);
        if (tensor.Shape is not [var r, var c] || r != rows || c != columns)
        {
            throw new InvalidDataException(
                $"The adapter's tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; the decoder and the rank ask for [{rows}, {columns}].");
        }
        return Array.TrueForAll(tensor.Values, float.IsFinite)
            ? tensor.Values
            : throw new InvalidDataException($"The adapter's tensor '{name}' has a value that is not a finite number.");
    }
}
