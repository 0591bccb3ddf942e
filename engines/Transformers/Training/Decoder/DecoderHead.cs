using RagPlatform.Numerics;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>The token embeddings, the last norm and the way from there to logits, which may be the embeddings again.</summary>
internal sealed class DecoderHead
{
    private const string Embeddings = "model.embed_tokens.weight";
    private const string Output = "lm_head.weight";

    private readonly int hidden;
    private readonly bool isTied;
    private readonly float[] embeddings;

    public DecoderHead(DecoderConfig config, IWeights weights, DecoderTuning tuning)
    {
        var vocabulary = config.VocabularySize;
        (hidden, isTied) = (config.HiddenSize, config.TiedEmbeddings);
        embeddings = weights.Read(Embeddings, vocabulary, hidden);
        var output = isTied ? embeddings : weights.Read(Output, vocabulary, hidden);
        Norm = new TrainedNorm(weights, "model.norm.weight", hidden, tuning);
        (Weight, Transposed) = (new WeightMatrix(vocabulary, hidden), new WeightMatrix(hidden, vocabulary));
        if (tuning.IsFull)
        {
            EmbeddingParameter = new Parameter(Embeddings, embeddings, hidden, decays: true);
            Parameter = isTied ? EmbeddingParameter : new Parameter(Output, output, hidden, decays: true);
        }
        Store(output);
    }

    public TrainedNorm Norm { get; }

    /// <summary>[vocabulary, hidden].</summary>
    public WeightMatrix Weight { get; }

    /// <summary>[hidden, vocabulary].</summary>
    public WeightMatrix Transposed { get; }

    /// <summary>Of the logits; null where it is not trained.</summary>
    public Parameter? Parameter { get; }

    /// <summary>The same where the embeddings are tied.</summary>
    public Parameter? EmbeddingParameter { get; }

    public IEnumerable<Parameter> Parameters => new[] { EmbeddingParameter, Norm.Parameter, Parameter }.OfType<Parameter>().Distinct();

    public ReadOnlySpan<float> Embedding(int id) => embeddings.AsSpan(id * hidden, hidden);

    public void Refresh()
    {
        if (Parameter is not null)
        {
            Store(Parameter.Values);
        }
    }

    /// <summary>The tensors as they are now.</summary>
    public IEnumerable<Tensor> Tensors()
    {
        yield return new Tensor(Embeddings, [embeddings.Length / hidden, hidden], embeddings);
        yield return new Tensor(Norm.Name, [hidden], Norm.Gain);
        if (!isTied)
        {
            yield return new Tensor(Output, [embeddings.Length / hidden, hidden], Parameter?.Values ?? Unpacked());
        }
    }

    private float[] Unpacked()
    {
        var output = new float[embeddings.Length];
        for (var id = 0; id < output.Length / hidden; id++)
        {
            Weight.CopyRow(id, output.AsSpan(id * hidden, hidden));
        }
        return output;
    }

    private void Store(float[] output)
    {
        var vocabulary = output.Length / hidden;
        Weight.Store(output, 0, vocabulary, hidden, 0, hidden, 1);
        Transposed.Store(output, 0, hidden, 1, 0, vocabulary, hidden);
    }
}
