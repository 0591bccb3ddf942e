using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Decoders;

/// <summary>The linear layers of a decoder layer that can be adapted.</summary>
internal enum LoraTarget
{
    Query,
    Key,
    Value,
    AttentionOutput,
    Gate,
    Up,
    Down,
}

/// <summary>y += B·(A·x) with the scale already in A.</summary>
/// <param name="Down">A, [rank, inputs].</param>
/// <param name="Up">B, [outputs, rank].</param>
internal sealed record LoraPair(WeightMatrix Down, WeightMatrix Up)
{
    public int Rank => Down.Outputs;
}

/// <summary>
/// A low-rank adapter (Hu et al. 2021, arXiv:2106.09685) in PEFT's layout: adapter_config.json and
/// adapter_model.safetensors. It is applied beside the weights, never merged into them, so that sessions with
/// different adapters share one decoder. Immutable and thread-safe.
/// </summary>
public sealed class LoraAdapter
{
    private const string WeightsFile = "adapter_model.safetensors";

    private readonly DecoderConfig shape;
    private readonly LoraPair?[,] pairs;

    private LoraAdapter(DecoderConfig shape, LoraPair?[,] pairs, int rank)
    {
        this.shape = shape;
        this.pairs = pairs;
        Rank = rank;
    }

    /// <summary>Rank of its matrices.</summary>
    public int Rank { get; }

    /// <summary>Loads an adapter for a decoder.</summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of a kind that is not built, or made for a decoder of another shape.</exception>
    public static LoraAdapter Load(IModelFiles files, Decoder decoder)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(decoder);
        var settings = LoraSettings.Read(files);
        if (!files.Exists(WeightsFile))
        {
            throw new FileNotFoundException($"The adapter has no {WeightsFile}.", WeightsFile);
        }
        using var weights = SafetensorsFile.Open(files.Open(WeightsFile), WeightsFile);
        return new LoraAdapter(decoder.Config, new LoraReader(weights, settings, decoder.Config).ReadAll(), settings.Rank);
    }

    internal bool Fits(DecoderConfig config) =>
        (config.Layers, config.HiddenSize, config.IntermediateSize, config.QuerySize, config.KeySize)
        == (shape.Layers, shape.HiddenSize, shape.IntermediateSize, shape.QuerySize, shape.KeySize);

    internal LoraPair? Find(int layer, LoraTarget target) => pairs[layer, (int)target];
}
