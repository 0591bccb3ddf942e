using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>
/// A Llama-family decoder that is trained: what <see cref="Decoders.Decoder"/> computes, with the gradient of the loss on the tokens that
/// are wanted. Arithmetic and weights are fp32. The same input gives the same loss and gradients, bit for bit on one machine,
/// whatever the number of threads.
/// </summary>
/// <remarks>
/// One caller at a time. Memory, beside the weights in two layouts: what a pack's tokens leave for the backward pass, in floats about
/// layers · (3·hidden + 2·intermediate + 2·queries + 2·keys) for each.
/// </remarks>
public sealed class TrainableDecoder : IDisposable
{
    private readonly TrainedLayer[] layers;
    private readonly DecoderHead head;
    private readonly PassTeam team;
    private DecoderPasses? passes;

    private TrainableDecoder(DecoderConfig config, IWeights weights, DecoderTuning tuning, ulong seed, int threads)
    {
        if (tuning.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(tuning));
        }
        (Config, Tuning) = (config, tuning);
        weights = weights.Contains("model.embed_tokens.weight") ? weights : new BareWeights(weights);
        head = new DecoderHead(config, weights, tuning);
        layers = [.. Enumerable.Range(0, config.Layers).Select(layer => new TrainedLayer(config, weights, $"model.layers.{layer}.", tuning))];
        Parameters = [.. head.Parameters, .. layers.SelectMany(layer => layer.Parameters)];
        LoraBeginning.Draw(Parameters, seed);
        team = new PassTeam(threads);
    }

    public DecoderConfig Config { get; }

    public DecoderTuning Tuning { get; }

    /// <summary>All that is trained, always in the same order, by the names of Hugging Face's tensors and PEFT's within "base_model.model.".</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Loads a folder in Hugging Face's layout, as <see cref="Decoders.Decoder.Load"/> does.</summary>
    /// <param name="files">config.json, generation_config.json where it is there, and the weights.</param>
    /// <param name="tuning">What is trained.</param>
    /// <param name="seed">Of how low-rank pairs begin.</param>
    /// <param name="threads">That compute, the caller included; at least 1.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, of a kind that is not built, or does not fit the others.</exception>
    /// <exception cref="ArgumentException">The tuning is out of its range.</exception>
    public static TrainableDecoder Load(IModelFiles files, DecoderTuning tuning, ulong seed, int threads)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(tuning);
        var config = DecoderConfigFile.Read(files);
        using var weights = ModelWeights.Open(files);
        return new TrainableDecoder(config, weights, tuning, seed, threads);
    }

    /// <summary>Loads a checkpoint of karpathy/llama2.c, under the names and in the order that Hugging Face has.</summary>
    /// <param name="checkpoint">Must seek; it is disposed.</param>
    /// <param name="tuning">What is trained.</param>
    /// <param name="seed">Of how low-rank pairs begin.</param>
    /// <param name="threads">That compute, the caller included; at least 1.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ArgumentException">The tuning is out of its range.</exception>
    public static TrainableDecoder LoadLlama2c(Stream checkpoint, DecoderTuning tuning, ulong seed, int threads)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(tuning);
        using var weights = Llama2cCheckpoint.Open(checkpoint);
        return new TrainableDecoder(weights.Config, weights, tuning, seed, threads);
    }

    /// <summary>Adds to the parameters' gradients that of the packs' mean loss over all their labels, times a scale.</summary>
    /// <param name="packs">Go through the model one after the other; together at least one label.</param>
    /// <param name="scale">Of the gradient; the loss is without it.</param>
    /// <param name="labelSmoothing">Share of every label that is wanted equally of all tokens; from 0 to below 1.</param>
    /// <param name="dropoutSeed">The same seed leaves out the same; null for no dropout.</param>
    /// <param name="cancellationToken">Looked at between layers; the gradients are of no use then.</param>
    /// <exception cref="ArgumentException">A token or label is outside the vocabulary, a text too long, or there is no label.</exception>
    public PackLoss Accumulate(
        IReadOnlyList<TokenPack> packs, double scale, double labelSmoothing, ulong? dropoutSeed, CancellationToken cancellationToken)
    {
        var labels = Check(packs);
        Refresh();
        var dropout = dropoutSeed is { } seed ? new DropoutSeed(seed, Tuning.Dropout) : default;
        var loss = default(PackLoss);
        for (var i = 0; i < packs.Count; i++)
        {
            var run = For(packs[i]);
            run.Forward(packs[i], dropout.IsOn ? dropout.At(i) : dropout, cancellationToken);
            loss += run.Loss.Backward(packs[i], (float)(scale / labels), (float)labelSmoothing, cancellationToken);
            run.Backward(packs[i], cancellationToken);
        }
        return loss;
    }

    /// <summary>The packs' loss, neither smoothed nor with dropout, and how many labels were the likeliest token.</summary>
    /// <param name="packs">As for <see cref="Accumulate"/>.</param>
    /// <param name="cancellationToken">Looked at between layers.</param>
    /// <exception cref="ArgumentException">As for <see cref="Accumulate"/>.</exception>
    public PackLoss Measure(IReadOnlyList<TokenPack> packs, CancellationToken cancellationToken)
    {
        Check(packs);
        Refresh();
        var loss = default(PackLoss);
        foreach (var pack in packs)
        {
            var run = For(pack);
            run.Forward(pack, default, cancellationToken);
            loss += run.Loss.Measure(pack, cancellationToken);
        }
        return loss;
    }

    /// <summary>A decoder for inference with the parameters as they are now, low-rank pairs merged; a copy.</summary>
    public Decoders.Decoder ToDecoder() => Decoders.Decoder.Create(Config, new TensorWeights(MergedTensors()), WeightStorage.Float32);

    public void Dispose() => team.Dispose();

    /// <summary>All tensors of the model as Hugging Face names them, low-rank pairs merged, one after the other.</summary>
    internal IEnumerable<Tensor> MergedTensors()
    {
        foreach (var tensor in head.Tensors())
        {
            yield return tensor;
        }
        foreach (var layer in layers)
        {
            foreach (var norm in layer.Norms)
            {
                yield return new Tensor(norm.Name, [norm.Gain.Length], norm.Gain);
            }
            foreach (var tensor in layer.Linears.SelectMany(linear => linear.MergedTensors()))
            {
                yield return tensor;
            }
        }
    }

    private int Check(IReadOnlyList<TokenPack> packs)
    {
        ArgumentNullException.ThrowIfNull(packs);
        foreach (var pack in packs)
        {
            if (pack.Problem(Config.VocabularySize, Config.MaxPositions) is { } problem)
            {
                throw new ArgumentException(problem, nameof(packs));
            }
        }
        return packs.Sum(pack => pack.LabelCount) is var labels and > 0
            ? labels
            : throw new ArgumentException("The packs have no label.", nameof(packs));
    }

    private void Refresh()
    {
        head.Refresh();
        var linears = layers.SelectMany(layer => layer.Linears).ToArray();
        team.Pieces(linears.Length, (_, i) => linears[i].Refresh());
    }

    /// <summary>Passes with room for the pack: made anew, with a little to spare, where it has more tokens than any before.</summary>
    private DecoderPasses For(TokenPack pack)
    {
        if (passes is null || passes.MaxTokens < pack.Ids.Length)
        {
            passes = null;
            passes = new DecoderPasses(Config, layers, head, team, (pack.Ids.Length + 63) / 64 * 64);
        }
        return passes;
    }
}
