using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.Search;

/// <summary>
/// Embeds the query with the collection's model, finds the nearest chunks, and has the best of them reranked where that is
/// asked for. Where there is nothing to find, nothing is embedded. A reranker that fails fails the search: another order
/// than the one asked for would look like an answer.
/// </summary>
internal sealed class SearchHandler(
    Collections collections, VectorStores stores, QueryEmbeddingClient embedding, RerankClient reranker, IOptions<RetrievalOptions> options, RetrievalTelemetry telemetry, TimeProvider time)
{
    /// <summary>Indexes that may take each other's place during one search.</summary>
    private const int MaxSwitches = 3;

    public async Task<SearchAnswer> HandleAsync(SearchCommand command, CancellationToken cancellationToken)
    {
        for (var switches = 0; ; switches++)
        {
            var collection = collections.Find(command.Collection);
            try
            {
                return await SearchAsync(command, collection, cancellationToken);
            }
            catch (ServiceException) when (switches < MaxSwitches && collections.Find(command.Collection)?.Index != collection?.Index)
            {
                // Another index took the place of the one that was asked. Whatever failed, its model or its store, was that one's.
            }
        }
    }

    private async Task<SearchAnswer> SearchAsync(SearchCommand command, CollectionState? collection, CancellationToken cancellationToken)
    {
        if (collection?.Index is not { } index)
        {
            return SearchAnswer.Nothing;
        }

        var store = stores[index.Store];
        if (collection.Size.Chunks == 0)
        {
            return SearchAnswer.Nothing;
        }

        var reranking = Reranking.Of(command, collection.Defaults);
        var query = ToQuery(command, collection.Defaults, reranking);
        var found = await FindAsync(store, index, query, cancellationToken) with { Collection = collection.Key.Name };
        return reranking is null || found.Hits.Count == 0 ? found : await RerankAsync(command, reranking, found, cancellationToken);
    }

    /// <summary>Embeds where vectors count, and searches.</summary>
    private async Task<SearchAnswer> FindAsync(IVectorStore store, ActiveIndex index, SearchQuery query, CancellationToken cancellationToken)
    {
        if (query.Fusion is FusionMethod.Lexical)
        {
            return await FindAsync(store, index, query, SearchAnswer.Nothing, cancellationToken);
        }

        var begin = time.GetTimestamp();
        var (vector, inModel) = await embedding.EmbedAsync(query.Text, index.Settings.Model, index.Settings.Dimension, cancellationToken);
        var embedded = SearchAnswer.Nothing with { Model = index.Settings.Model, Embedding = time.GetElapsedTime(begin), InModel = inModel };
        telemetry.RecordSearch("embed", embedded.Embedding);
        return await FindAsync(store, index, query with { Vector = vector }, embedded, cancellationToken);
    }

    private SearchQuery ToQuery(SearchCommand command, SearchDefaults defaults, Reranking? reranking)
    {
        var fusion = command.Fusion ?? defaults.Fusion ?? FusionMethod.MinMax;
        var weight = command.VectorWeight ?? defaults.VectorWeight ?? options.Value.VectorWeight;
        var wanted = reranking?.Candidates ?? command.TopK;
        return new SearchQuery
        {
            Text = command.Query,
            TopK = wanted,
            // Vectors that count for nothing need not be compared, nor the query embedded.
            Fusion = weight == 0 && fusion is not FusionMethod.Vector ? FusionMethod.Lexical : fusion,
            VectorWeight = weight,
            Candidates = Math.Max(wanted, command.Candidates ?? SearchQuery.DefaultCandidates),
            Filter = command.Filter,
            Syntax = command.Syntax,
            TypoTolerance = command.TypoTolerance,
            MaxChunksPerDocument = command.MaxChunksPerDocument,
            Diversity = command.Diversity,
            Exact = command.Exact,
            Explain = command.Explain,
        };
    }

    private async Task<SearchAnswer> FindAsync(IVectorStore store, ActiveIndex index, SearchQuery query, SearchAnswer embedded, CancellationToken cancellationToken)
    {
        var (start, begin) = (time.GetUtcNow(), time.GetTimestamp());
        var result = await store.SearchAsync(index.Key, query, cancellationToken);
        Record(start, result.Timings);
        return embedded with { Hits = [.. result.Hits.Select(hit => new FoundHit(hit, Rerank: null))], Search = time.GetElapsedTime(begin), Stages = result.Timings };
    }

    private async Task<SearchAnswer> RerankAsync(SearchCommand command, Reranking reranking, SearchAnswer found, CancellationToken cancellationToken)
    {
        var (start, begin) = (time.GetUtcNow(), time.GetTimestamp());
        var (hits, inModel) = await reranker.RerankAsync(reranking.Model, command.Query, found.Hits, cancellationToken);
        var elapsed = time.GetElapsedTime(begin);
        RetrievalTelemetry.RecordSpan("rerank", start, elapsed);
        telemetry.RecordSearch("rerank", elapsed);
        return found with { Hits = [.. hits.Take(command.TopK)], RerankModel = reranking.Model, Rerank = elapsed, RerankInModel = inModel };
    }

    private void Record(DateTimeOffset start, SearchTimings timings)
    {
        foreach (var (span, stage, duration) in new[]
        {
            ("filter", "filter", timings.Filter), ("search lexical", "lexical", timings.Lexical), ("search vectors", "vectors", timings.Vectors),
            ("fuse", "fusion", timings.Fusion),
        })
        {
            RetrievalTelemetry.RecordSpan(span, start, duration);
            telemetry.RecordSearch(stage, duration);
            start += duration;
        }
    }
}
