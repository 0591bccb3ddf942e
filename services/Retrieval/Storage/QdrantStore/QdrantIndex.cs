using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Fusion;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// One index as it is open: its collection and what of it searches see. A document's new chunks are written first, then, in
/// one point, that this revision is the visible one; what was visible goes when no search needs it any more. Whatever a
/// crash leaves behind has a revision that no search sees, and goes with the document's next writing or at the next opening.
/// </summary>
internal sealed class QdrantIndex(
    QdrantClient client, string name, IndexScope scope, IndexSettings settings, TermWeights weights, RankingOptions ranking, IndexFields fields, VisibleRevisions visible,
    QdrantOptions options)
{
    /// <summary>Half of what Qdrant takes in one request by default (32 MiB).</summary>
    private const int MaxBatchBytes = 16 * 1024 * 1024;

    /// <summary>A component's decimal digits and comma, and a character's UTF-8, escaped, at most.</summary>
    private const int MaxBytesPerComponent = 16;
    private const int MaxBytesPerCharacter = 6;

    private readonly DocumentLocks _locks = new();

    public QdrantClient Client => client;

    public string Name => name;

    public IndexScope Scope => scope;

    public IndexSettings Settings => settings;

    public TermWeights Weights => weights;

    public Ranking Ranking { get; } = new(ranking);

    /// <summary>The same without anyone who looks again.</summary>
    public Ranking Fusion { get; } = new(ranking with { Rerankers = [] });

    /// <summary>How many of the best a reranker compares by their vectors.</summary>
    public int VectorsCompared { get; } = ranking.Rerankers.OfType<ScoreSmoothing>().Select(smoothing => smoothing.Depth).DefaultIfEmpty().Max();

    public IndexFields Fields => fields;

    public VisibleRevisions Visible => visible;

    public async Task ReplaceAsync(IndexedDocument document, CancellationToken cancellationToken)
    {
        using var alone = await _locks.EnterAsync(document.DocumentId, cancellationToken);
        var held = visible.Now.GetValueOrDefault(document.DocumentId);
        if (held?.Version > document.Version)
        {
            return;
        }

        var revision = Revision.Of(document);
        if (held?.Revision != revision)
        {
            visible.Hide(document.DocumentId, revision);
            await WriteAsync(document, revision, cancellationToken);
            await visible.Set(document.DocumentId, new VisibleRevision(document.Version, revision, document.Chunks.Count)).WaitAsync(cancellationToken);
        }

        await client.DeleteAsync(name, scope.ChunksOfOtherRevisions(document.DocumentId, revision), cancellationToken);
        visible.ForgetHidden(document.DocumentId);
    }

    public async Task RemoveAsync(string documentId, CancellationToken cancellationToken)
    {
        using var alone = await _locks.EnterAsync(documentId, cancellationToken);
        await client.DeleteAsync(name, PointIds.Document(documentId), cancellationToken);
        await visible.Remove(documentId).WaitAsync(cancellationToken);
        await client.DeleteAsync(name, scope.ChunksOf(documentId), cancellationToken);
        if (await client.CountAsync(name, scope.ChunksOf(documentId), cancellationToken) is var left and > 0)
        {
            throw QdrantErrors.StillThere(name, documentId, left);
        }

        visible.ForgetHidden(documentId);
    }

    private async Task WriteAsync(IndexedDocument document, string revision, CancellationToken cancellationToken)
    {
        var payloadFields = PayloadFields.Of(document);
        await fields.AddAsync(payloadFields.Keys, cancellationToken);
        foreach (var batch in Batches(document))
        {
            await client.UpsertAsync(name, [.. batch.Select(chunk => PointMapping.ChunkPoint(scope, document, chunk, revision, payloadFields, weights))], cancellationToken);
        }

        await client.UpsertAsync(name, [PointMapping.DocumentPoint(scope, document, revision, payloadFields)], cancellationToken);
    }

    private IEnumerable<List<IndexedChunk>> Batches(IndexedDocument document)
    {
        // Title, uri and metadata go with every chunk, metadata twice.
        var sharedCharacters = document.Title.Length + document.Uri.Length + (2 * document.Metadata.Sum(entry => entry.Key.Length + entry.Value.Length));
        var (batch, bytes) = (new List<IndexedChunk>(), 0L);
        foreach (var chunk in document.Chunks)
        {
            var characters = sharedCharacters + chunk.Text.Length + chunk.HeadingPath.Sum(heading => heading.Length);
            var more = ((long)chunk.Vector.Length * MaxBytesPerComponent) + ((long)characters * MaxBytesPerCharacter);
            if (batch.Count > 0 && (batch.Count >= options.UpsertBatchChunks || bytes + more > MaxBatchBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(chunk);
            bytes += more;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
