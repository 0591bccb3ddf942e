using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Training.Encoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Bert.Adapters;

/// <summary>Reads an encoder adapter's pairs and refuses tensors that the encoder has no place for.</summary>
internal sealed class EncoderAdapterReader(SafetensorsFile weights, LoraSettings settings, BertConfig config)
{
    private readonly HashSet<string> unread = new(weights.Names, StringComparer.Ordinal);

    // Saved from a model with a head, all names start with its class's.
    private readonly string root = AdapterFiles.Root
        + (Array.Find(["bert.", "roberta."], root => weights.Names.Any(name => name.StartsWith(AdapterFiles.Root + root, StringComparison.Ordinal))) ?? "");

    private long numbers;

    public EncoderAdapter Read()
    {
        if (weights.Names.Count == 0)
        {
            throw new InvalidDataException("The adapter has no tensors.");
        }
        var layers = Enumerable.Range(0, config.Layers).Select(ReadLayer).ToArray();
        if (unread.FirstOrDefault() is { } name)
        {
            throw new InvalidDataException(
                $"The adapter has {unread.Count} tensors that it does not target or an encoder of {config.Layers} layers has no place for, such as '{name}'.");
        }
        return new EncoderAdapter(config, layers, settings.Rank, numbers * sizeof(float));
    }

    private LinearAdapter?[] ReadLayer(int layer)
    {
        var names = BertNames.Saved.Layer(layer);
        int hidden = config.HiddenSize, wide = config.IntermediateSize;
        return
        [
            ReadJoined([names.Query, names.Key, names.Value], hidden, hidden),
            ReadJoined([names.AttentionOutput], hidden, hidden),
            ReadJoined([names.Intermediate], hidden, wide),
            ReadJoined([names.Output], wide, hidden),
        ];
    }

    private LinearAdapter? ReadJoined(LinearNames[] names, int inputs, int outputs)
    {
        var pairs = names.Select(name => ReadPair(name.Weight[..^".weight".Length], inputs, outputs)).ToArray();
        return Array.TrueForAll(pairs, pair => pair is null) ? null : new LinearAdapter(pairs, settings.Rank, inputs, outputs, settings.Scale);
    }

    private (float[] Down, float[] Up)? ReadPair(string module, int inputs, int outputs)
    {
        var (down, up) = ($"{root}{module}.lora_A.weight", $"{root}{module}.lora_B.weight");
        if (!settings.Includes(module) || (!settings.EveryLayer && !weights.Contains(down) && !weights.Contains(up)))
        {
            return null;
        }
        unread.Remove(down);
        unread.Remove(up);
        numbers += settings.Rank * ((long)inputs + outputs);
        return (Finite(down, settings.Rank, inputs), Finite(up, outputs, settings.Rank));
    }

    private float[] Finite(string name, int rows, int columns)
    {
        var tensor = weights.Read(name);
        if (tensor.Shape is not [var r, var c] || r != rows || c != columns)
        {
            throw new InvalidDataException(
                $"The adapter's tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}]; the encoder and the rank ask for [{rows}, {columns}].");
        }
        FiniteValues.Require(name, tensor.Values);
        return tensor.Values;
    }
}
