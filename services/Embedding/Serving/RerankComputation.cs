using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>Pairs of a query and a passage to scores.</summary>
internal sealed class RerankComputation(string modelId, CrossEncoder reranker) : IModelComputation<EncodedPair, PairScore>
{
    public string ModelId => modelId;

    public int TokenCount(EncodedPair input) => input.Ids.Length;

    public PairScore[] Compute(IReadOnlyList<EncodedPair> inputs, int threads, CancellationToken cancellationToken) =>
        reranker.Score(inputs, threads, cancellationToken);
}
