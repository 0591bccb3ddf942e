using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>Whether a second index holds what the first does. Whoever calls holds the collection, so that neither changes.</summary>
internal sealed class BuildVerification(VectorStores stores)
{
    public const int Searches = 20;
    private const int TopK = 10;

    /// <summary>Stores add up in different orders.</summary>
    private const float ScoreTolerance = 1e-3f;

    /// <param name="expected">What the catalogue says is seen.</param>
    /// <param name="sampleIds">Documents of the collection; a chunk of each is searched for if the vectors are the same in both.</param>
    /// <exception cref="Grpc.Errors.ServiceException">They differ.</exception>
    public async Task RunAsync(ActiveIndex source, ActiveIndex target, bool chunkAgain, CollectionSize expected, IReadOnlyList<string> sampleIds, CancellationToken cancellationToken)
    {
        var description = await stores[target.Store].DescribeAsync(target.Key, cancellationToken);
        if (description.Documents != expected.Documents || (!chunkAgain && description.Chunks != expected.Chunks))
        {
            throw RetrievalErrors.BuildDiffers(
                $"it holds {description.Documents} documents with {description.Chunks} chunks, the collection {expected.Documents} with {expected.Chunks}");
        }

        if (chunkAgain || source.Settings != target.Settings)
        {
            return;
        }

        foreach (var documentId in sampleIds)
        {
            var document = await stores[source.Store].ReadDocumentAsync(source.Key, documentId, cancellationToken);
            if (document is { Chunks: [var chunk, ..] })
            {
                await CompareAsync(source, target, chunk, cancellationToken);
            }
        }
    }

    private async Task CompareAsync(ActiveIndex source, ActiveIndex target, IndexedChunk chunk, CancellationToken cancellationToken)
    {
        var query = new SearchQuery { Text = "", Vector = chunk.Vector, Fusion = FusionMethod.Vector, Exact = true, TopK = TopK, Candidates = TopK };
        var (before, after) = (await stores[source.Store].SearchAsync(source.Key, query, cancellationToken), await stores[target.Store].SearchAsync(target.Key, query, cancellationToken));
        // Of chunks that are as near as the last one, either index may show any.
        var last = before.Hits.Count == 0 ? 0 : before.Hits[^1].VectorScore;
        var missing = before.Hits.Where(hit => hit.VectorScore > last + ScoreTolerance).Select(hit => hit.Chunk.ChunkId)
            .Except(after.Hits.Select(hit => hit.Chunk.ChunkId), StringComparer.Ordinal).ToList();
        if (before.Hits.Count != after.Hits.Count || missing.Count > 0)
        {
            throw RetrievalErrors.BuildDiffers($"a search for the neighbours of chunk {chunk.ChunkId} finds {after.Hits.Count} of {before.Hits.Count}, and misses {missing.Count} of the nearest");
        }
    }
}
