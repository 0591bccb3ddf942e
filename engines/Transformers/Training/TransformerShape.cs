using RagPlatform.Transformers.Bert;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.Transformers.Training;

/// <summary>How large a model is, from its config.json alone: what training it costs follows.</summary>
/// <param name="IsDecoder">Llama family, with logits over its vocabulary; otherwise BERT family.</param>
/// <param name="Layers">Alike.</param>
/// <param name="HiddenSize">Width of the states.</param>
/// <param name="IntermediateSize">Width inside the feed-forward layers.</param>
/// <param name="QuerySize">Width of all query heads together.</param>
/// <param name="KeySize">Width of all key heads together, and of all value heads.</param>
/// <param name="VocabularySize">Tokens that it knows.</param>
/// <param name="Positions">That it has vectors for; 0 where they are rotated in.</param>
/// <param name="HasOwnHead">A decoder whose logits do not come from the token embeddings' matrix.</param>
public sealed record TransformerShape(
    bool IsDecoder, int Layers, int HiddenSize, int IntermediateSize, int QuerySize, int KeySize, int VocabularySize, int Positions, bool HasOwnHead)
{
    /// <exception cref="FileNotFoundException">There is no config.json.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or of a model that cannot be trained here.</exception>
    public static TransformerShape Read(IModelFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (!files.Exists(ModelConfiguration.FileName))
        {
            throw new FileNotFoundException($"{ModelConfiguration.FileName} is missing.", ModelConfiguration.FileName);
        }

        using var stream = files.Open(ModelConfiguration.FileName);
        switch (ModelConfiguration.Read(stream).Kind)
        {
            case ModelKind.Decoder:
                var decoder = DecoderConfigFile.Read(files);
                return new TransformerShape(
                    true, decoder.Layers, decoder.HiddenSize, decoder.IntermediateSize, decoder.QuerySize, decoder.KeySize, decoder.VocabularySize, 0, !decoder.TiedEmbeddings);
            case ModelKind.Encoder or ModelKind.Reranker:
                var encoder = BertFiles.ReadConfig(files);
                return new TransformerShape(
                    false, encoder.Layers, encoder.HiddenSize, encoder.IntermediateSize, encoder.HiddenSize, encoder.HiddenSize, encoder.VocabularySize, encoder.PositionRows, false);
            default:
                throw new InvalidDataException($"{ModelConfiguration.FileName}: a static model has no layers; it cannot be trained here.");
        }
    }

    /// <summary>Matrices of a feed-forward layer: Llama's have a gate.</summary>
    public int FeedForwardMatrices => IsDecoder ? 3 : 2;

    /// <summary>Weights that every token is multiplied with in a forward pass.</summary>
    public long MultipliedWeights =>
        (Layers * ((2L * HiddenSize * (QuerySize + KeySize)) + ((long)FeedForwardMatrices * HiddenSize * IntermediateSize)))
        + (IsDecoder ? (long)VocabularySize * HiddenSize : 0);

    /// <summary>All weights, but for biases and norms, which are below 1%.</summary>
    public long Weights =>
        MultipliedWeights + (IsDecoder && !HasOwnHead ? 0 : (long)VocabularySize * HiddenSize) + ((long)Positions * HiddenSize);

    /// <summary>Weights of a low-rank adapter on every linear layer.</summary>
    /// <param name="rank">At least 1.</param>
    public long AdapterWeights(int rank) =>
        (long)Layers * rank * ((2L * (HiddenSize + QuerySize)) + (2L * (HiddenSize + KeySize)) + ((long)FeedForwardMatrices * (HiddenSize + IntermediateSize)));
}
