using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.Search;

/// <summary>Embeds the query with the collection's model and finds the nearest chunks. Where there is nothing to find, nothing is embedded.</summary>
internal sealed class SearchHandler(
    Collections collections, VectorStores stores, QueryEmbeddingClient embedding, IOptions<RetrievalOptions> options, RetrievalTelemetry telemetry, TimeProvider time)
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

        var query = ToQuery(command, collection.Defaults);
        if (query.Fusion is FusionMethod.Lexical)
        {
            return await FindAsync(store, index, query, SearchAnswer.Nothing, cancellationToken);
        }

        var begin = time.GetTimestamp();
        var (vector, inModel) = await embedding.EmbedAsync(command.Query, index.Settings.Model, index.Settings.Dimension, cancellationToken);
        var embedded = SearchAnswer.Nothing with { Model = index.Settings.Model, Embedding = time.GetElapsedTime(begin), InModel = inModel };
        telemetry.RecordSearch("embed", embedded.Embedding);
        return await FindAsync(store, index, query with { Vector = vector }, embedded, cancellationToken);
    }

    private SearchQuery ToQuery(SearchCommand command, SearchDefaults defaults)
    {
        var fusion = command.Fusion ?? defaults.Fusion ?? FusionMethod.MinMax;
        var weight = command.VectorWeight ?? defaults.VectorWeight ?? options.Value.VectorWeight;
        return new SearchQuery
        {
            Text = command.Query,
            TopK = command.TopK,
            // Vectors that count for nothing need not be compared, nor the query embedded.
            Fusion = weight == 0 && fusion is not FusionMethod.Vector ? FusionMethod.Lexical : fusion,
            VectorWeight = weight,
            Candidates = Math.Max(command.TopK, command.Candidates ?? SearchQuery.DefaultCandidates),
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
        return embedded with { Hits = result.Hits, Search = time.GetElapsedTime(begin), Stages = result.Timings };
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
