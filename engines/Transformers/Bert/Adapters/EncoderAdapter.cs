using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Bert.Adapters;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Training.Encoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers;

/// <summary>
/// A low-rank adapter of a BERT-family encoder (Hu et al. 2021, arXiv:2106.09685) in PEFT's layout, for <see cref="TokenEncoder"/>: it is
/// applied beside the weights, so that many share one encoder. Immutable and thread-safe.
/// </summary>
public sealed class EncoderAdapter
{
    private readonly LinearAdapter?[][] linears;

    private readonly BertConfig shape;

    internal EncoderAdapter(BertConfig shape, LinearAdapter?[][] linears, int rank, long sizeBytes)
    {
        (this.shape, this.linears) = (shape, linears);
        (Rank, SizeBytes) = (rank, sizeBytes);
        MostRanks = linears.SelectMany(layer => layer).Max(linear => linear?.Ranks ?? 0);
    }

    public int Rank { get; }

    /// <summary>Of its numbers in fp32.</summary>
    public long SizeBytes { get; }

    internal int MostRanks { get; }

    internal bool Fits(BertConfig config) =>
        (config.Layers, config.HiddenSize, config.IntermediateSize) == (shape.Layers, shape.HiddenSize, shape.IntermediateSize);

    /// <summary>Of a layer's linear layer: queries, keys and values as one (0), attention's output (1), the wide one (2), the last (3).</summary>
    internal LinearAdapter? Find(int layer, int linear) => linears[layer][linear];

    internal static EncoderAdapter Load(IModelFiles files, BertConfig config)
    {
        var settings = LoraSettings.Read(files);
        if (!files.Exists(AdapterFiles.WeightsFile))
        {
            throw new FileNotFoundException($"The adapter has no {AdapterFiles.WeightsFile}.", AdapterFiles.WeightsFile);
        }
        using var weights = SafetensorsFile.Open(files.Open(AdapterFiles.WeightsFile), AdapterFiles.WeightsFile);
        return new EncoderAdapterReader(weights, settings, config).Read();
    }
}
