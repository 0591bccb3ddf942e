using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// Indexes in Qdrant, a collection for each: the inverse document frequencies of its modifier "idf" are counted over a whole
/// collection, so tenants that shared one would change each other's ranking; a dropped index is gone in one request;
/// and a second generation may have another dimension. One process writes and searches: what is visible is in its memory.
/// </summary>
internal sealed partial class QdrantVectorStore(
    QdrantClient client, IOptions<QdrantOptions> options, IOptions<RetrievalOptions> retrieval, TimeProvider time, ILogger<QdrantVectorStore> logger) : IVectorStore, IDisposable
{
    private const int IndexesOpenedAtOnce = 8;

    private readonly ConcurrentDictionary<IndexKey, QdrantIndex> _indexes = new();
    private readonly SemaphoreSlim _managing = new(1);
    private readonly QdrantIndexName _names = new(options.Value.CollectionPrefix);

    public string Name => RetrievalOptions.QdrantStore;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            var keys = (await client.ListCollectionsAsync(cancellationToken)).Select(_names.Parse).OfType<IndexKey>().Where(key => !_indexes.ContainsKey(key));
            var limits = new ParallelOptions { MaxDegreeOfParallelism = IndexesOpenedAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(keys, limits, async (key, cancellation) =>
            {
                if (await OpenAsync(key, cancellation) is { } index)
                {
                    _indexes[key] = index;
                }
            });
        }
        finally
        {
            _managing.Release();
        }
    }

    public async Task CreateAsync(IndexKey index, IndexSettings settings, CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            if (!_indexes.TryGetValue(index, out var there))
            {
                there = _indexes[index] = await OpenAsync(index, cancellationToken) ?? await BuildAsync(index, settings, cancellationToken);
            }

            if (there.Settings != settings)
            {
                throw QdrantErrors.SettingsDiffer(there.Name, there.Settings, settings);
            }
        }
        finally
        {
            _managing.Release();
        }
    }

    public async Task DropAsync(IndexKey index, CancellationToken cancellationToken)
    {
        await _managing.WaitAsync(cancellationToken);
        try
        {
            await client.DeleteCollectionAsync(_names.Of(index), cancellationToken);
            _indexes.TryRemove(index, out _);
        }
        finally
        {
            _managing.Release();
        }
    }

    public Task<IReadOnlyList<IndexKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<IndexKey>>([.. _indexes.Keys]);

    public Task ReplaceAsync(IndexKey index, IndexedDocument document, CancellationToken cancellationToken) => Find(index).ReplaceAsync(document, cancellationToken);

    public Task RemoveAsync(IndexKey index, string documentId, CancellationToken cancellationToken) => Find(index).RemoveAsync(documentId, cancellationToken);

    public Task<long> FindVersionAsync(IndexKey index, string documentId, CancellationToken cancellationToken) =>
        Task.FromResult(Find(index).Visible.Now.GetValueOrDefault(documentId)?.Version ?? 0);

    public async IAsyncEnumerable<HeldDocument> ListDocumentsAsync(IndexKey index, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (id, visible) in Find(index).Visible.Now)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return await ValueTask.FromResult(new HeldDocument(id, visible.Version, visible.ChunkCount));
        }
    }

    public Task<IndexedDocument?> ReadDocumentAsync(IndexKey index, string documentId, CancellationToken cancellationToken) =>
        DocumentReading.ReadAsync(Find(index), documentId, cancellationToken);

    public Task<SearchResult> SearchAsync(IndexKey index, SearchQuery query, CancellationToken cancellationToken) =>
        new QdrantSearch(Find(index), query, time).RunAsync(cancellationToken);

    public Task<FacetCounts> CountFacetsAsync(IndexKey index, IReadOnlyList<string> fields, Filter? filter, int maxValues, CancellationToken cancellationToken) =>
        FacetCounting.CountAsync(Find(index), fields, filter, maxValues, cancellationToken);

    public async Task<IndexDescription> DescribeAsync(IndexKey index, CancellationToken cancellationToken)
    {
        var there = Find(index);
        var documents = there.Visible.Now;
        var chunks = documents.Values.Sum(document => document.ChunkCount);
        var info = await client.FindCollectionAsync(there.Name, cancellationToken) ?? throw RetrievalErrors.CollectionChanged(index.Collection.Name);
        // The server's counts are about right and lag behind.
        var others = (info.PointsCount ?? 0) - chunks - documents.Count - 1;
        return new IndexDescription(documents.Count, chunks, (int)Math.Max(0, others), DiskBytes: 0, info.SegmentsCount, (int)Math.Min(chunks, info.GraphVectors), []);
    }

    public void Dispose() => _managing.Dispose();

    private QdrantIndex Find(IndexKey index) =>
        _indexes.TryGetValue(index, out var there) ? there : throw RetrievalErrors.CollectionChanged(index.Collection.Name);

    /// <returns>Null if it is not there, was never finished, or cannot be searched by this program: it is to be built anew.</returns>
    private async Task<QdrantIndex?> OpenAsync(IndexKey key, CancellationToken cancellationToken)
    {
        var (name, scope) = (_names.Of(key), new IndexScope(key.Collection.Tenant));
        if (await client.FindCollectionAsync(name, cancellationToken) is not { } info
            || await client.RetrieveAsync(name, new RetrievePoints([PointIds.Index], PayloadKeys.Settings, null), cancellationToken) is not [{ Payload: { Model: { } model, Dimension: { } dimension, Weighing: { } weighing } }])
        {
            return null;
        }

        if (weighing.Analysis != AnalysisFingerprint.Of(EngineOptions(new IndexSettings(model, dimension))))
        {
            LogOtherAnalysis(logger, name);
            return null;
        }

        var visible = await new IndexOpening(client, logger).ReadAsync(name, scope, cancellationToken);
        return Index(name, scope, new IndexSettings(model, dimension), weighing, new IndexFields(client, name, info.PayloadSchema?.Keys ?? []), visible);
    }

    /// <summary>The index's own point comes last: without it, the collection counts as not there, and this begins again.</summary>
    private async Task<QdrantIndex> BuildAsync(IndexKey key, IndexSettings settings, CancellationToken cancellationToken)
    {
        var (name, scope) = (_names.Of(key), new IndexScope(key.Collection.Tenant));
        // What a crash may have left has perhaps other settings, and nothing that anyone would miss.
        await client.DeleteCollectionAsync(name, cancellationToken);
        await client.CreateCollectionAsync(name, CollectionSettings.Of(settings, options.Value), cancellationToken);
        var fields = new IndexFields(client, name, []);
        await fields.CreateFirstAsync(cancellationToken);
        var weighing = TermWeights.WeighingOf(EngineOptions(settings), options.Value.AverageChunkTerms);
        await client.UpsertAsync(name, [PointMapping.IndexPoint(scope, settings, weighing)], cancellationToken);
        return Index(name, scope, settings, weighing, fields, new VisibleRevisions(ImmutableDictionary.Create<string, VisibleRevision>(StringComparer.Ordinal)));
    }

    private QdrantIndex Index(string name, IndexScope scope, IndexSettings settings, TermWeighing weighing, IndexFields fields, VisibleRevisions visible) =>
        new(client, name, scope, settings, new TermWeights(EngineOptions(settings), weighing), EngineOptions(settings).Ranking, fields, visible, options.Value);

    private CollectionIndexOptions EngineOptions(IndexSettings settings) => IndexConfiguration.Of(settings, retrieval.Value);

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The index {Index} in qdrant was made by a program that analyses texts otherwise; it begins anew, and its documents are indexed again")]
    private static partial void LogOtherAnalysis(ILogger logger, string index);
}
