using RagPlatform.Search.InMemory;
using Microsoft.Extensions.Options;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.Search;

/// <summary>Embeds the query with the collection's model and finds the nearest chunks. Where there is nothing to find, nothing is embedded.</summary>
internal sealed class SearchHandler(
    IDocumentStore store, QueryEmbeddingClient embedding, IOptions<RetrievalOptions> options, RetrievalTelemetry telemetry, TimeProvider time)
{
    public async Task<SearchAnswer> HandleAsync(SearchCommand command, CancellationToken cancellationToken)
    {
        var collection = await store.DescribeAsync(command.Collection, cancellationToken);
        if (collection is null || collection.Size.Chunks == 0)
        {
            return SearchAnswer.Nothing;
        }

        var weight = command.VectorWeight ?? options.Value.VectorWeight;
        if (weight == 0)
        {
            return await FindAsync(command, SearchAnswer.Nothing, new InMemoryQuery(command.Query, default, command.TopK, weight), cancellationToken);
        }

        var begin = time.GetTimestamp();
        var (vector, inModel) = await embedding.EmbedAsync(command.Query, collection.Model, collection.Dimension, cancellationToken);
        var embedded = SearchAnswer.Nothing with { Model = collection.Model, Embedding = time.GetElapsedTime(begin), InModel = inModel };
        telemetry.RecordSearch("embed", embedded.Embedding);
        return await FindAsync(command, embedded, new InMemoryQuery(command.Query, vector, command.TopK, weight), cancellationToken);
    }

    private async Task<SearchAnswer> FindAsync(SearchCommand command, SearchAnswer embedded, InMemoryQuery query, CancellationToken cancellationToken)
    {
        var (start, begin) = (time.GetUtcNow(), time.GetTimestamp());
        var result = await store.SearchAsync(command.Collection, embedded.Model.Length == 0 ? null : embedded.Model, query, cancellationToken);
        Record(start, result.Timings);
        return embedded with { Hits = result.Hits, Search = time.GetElapsedTime(begin) };
    }

    private void Record(DateTimeOffset start, InMemoryTimings timings)
    {
        foreach (var (span, stage, duration) in new[]
        {
            ("search lexical", "lexical", timings.Lexical), ("search vectors", "vectors", timings.Vectors), ("fuse", "fusion", timings.Fusion),
        })
        {
            RetrievalTelemetry.RecordSpan(span, start, duration);
            telemetry.RecordSearch(stage, duration);
            start += duration;
        }
    }
}
