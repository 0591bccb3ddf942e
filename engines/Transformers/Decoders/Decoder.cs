using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Decoders;

/// <summary>
/// The weights of a Llama-family decoder. Immutable and thread-safe: any number of <see cref="DecoderSession"/>s, each
/// with an adapter of its own or none, share one.
/// </summary>
public sealed class Decoder
{
    private Decoder(DecoderConfig config, IWeights weights, WeightStorage storage)
    {
        Config = config;
        var reader = new MatrixReader(weights, storage);
        // Saved from the bare model, the names have no "model.".
        var root = weights.Contains("model.embed_tokens.weight") ? "model." : "";
        Embeddings = reader.Matrix(config.HiddenSize, (root + "embed_tokens.weight", config.VocabularySize));
        Layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new DecoderLayer(config, reader, $"{root}layers.{layer}."))];
        Norm = reader.Vector(root + "norm.weight", config.HiddenSize);
        Head = config.TiedEmbeddings ? Embeddings : reader.Matrix(config.HiddenSize, ("lm_head.weight", config.VocabularySize));
    }

    public DecoderConfig Config { get; }

    public int VocabularySize => Config.VocabularySize;

    /// <summary>Longest text, in tokens, that the model reads rightly; no session is longer.</summary>
    public int MaxPositions => Config.MaxPositions;

    /// <summary>Memory that the matrices take.</summary>
    public long WeightBytes =>
        Embeddings.SizeBytes + (ReferenceEquals(Head, Embeddings) ? 0 : Head.SizeBytes)
        + Layers.Sum(layer => layer.QueryKeyValue.Weight.SizeBytes + layer.AttentionOutput.Weight.SizeBytes
            + layer.GateUp.Weight.SizeBytes + layer.Down.Weight.SizeBytes);

    /// <summary>[vocabulary, hidden].</summary>
    internal WeightMatrix Embeddings { get; }

    internal DecoderLayer[] Layers { get; }

    internal float[] Norm { get; }

    /// <summary>[vocabulary, hidden]: from the last hidden state to logits.</summary>
    internal WeightMatrix Head { get; }

    /// <summary>
    /// Loads a folder in Hugging Face's layout: config.json, generation_config.json where it is there, and
    /// model.safetensors, whole or split.
    /// </summary>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of a kind that is not built, or does not fit the others.</exception>
    public static Decoder Load(IModelFiles files, WeightStorage storage = WeightStorage.AsStored)
    {
        ArgumentNullException.ThrowIfNull(files);
        var config = DecoderConfigFile.Read(files);
        using var weights = ModelWeights.Open(files);
        return Create(config, weights, storage);
    }

    /// <summary>Loads a checkpoint of karpathy/llama2.c.</summary>
    /// <param name="checkpoint">Must seek; it is disposed.</param>
    /// <param name="storage">What the matrices are kept in.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static Decoder LoadLlama2c(Stream checkpoint, WeightStorage storage = WeightStorage.AsStored)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        using var weights = Llama2cCheckpoint.Open(checkpoint);
        return Create(weights.Config, weights, storage);
    }

    internal static Decoder Create(DecoderConfig config, IWeights weights, WeightStorage storage)
    {
        try
        {
            return new Decoder(config, weights, storage);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException("The weights file became shorter while it was read.", exception);
        }
        catch (OverflowException exception)
        {
            throw new InvalidDataException("A matrix of the model has more elements than an array can hold.", exception);
        }
    }
}
