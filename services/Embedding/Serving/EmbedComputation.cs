using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>Texts to vectors.</summary>
internal sealed class EmbedComputation(string modelId, ITextEmbedder embedder) : IModelComputation<EncodedText, TextEmbedding>
{
    public string ModelId => modelId;

    public int TokenCount(EncodedText input) => Math.Max(1, input.Ids.Length);

    public TextEmbedding[] Compute(IReadOnlyList<EncodedText> inputs, int threads, CancellationToken cancellationToken) =>
        embedder.Embed(inputs, threads, cancellationToken);
}
