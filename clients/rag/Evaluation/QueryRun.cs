using RagPlatform.Client;

namespace RagPlatform.CommandLine.Evaluation;

/// <param name="DocumentIds">Best first, each once.</param>
internal sealed record RankedDocuments(IReadOnlyList<string> DocumentIds, double Milliseconds);

/// <summary>Searches a collection for every query of a set.</summary>
/// <param name="client">The platform.</param>
/// <param name="collection">To search.</param>
/// <param name="time">For latencies.</param>
internal sealed class QueryRun(RagClient client, string collection, TimeProvider time)
{
    /// <param name="queries">One is in flight at a time where latency is measured.</param>
    /// <param name="how">Collection and number of documents are filled in.</param>
    /// <param name="parallel">Searches in flight.</param>
    /// <param name="onDone">Called for each as it ends, by any thread.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>In the order of the queries.</returns>
    public async Task<RankedDocuments[]> RunAsync(
        IReadOnlyList<JudgedQuery> queries, SearchOptions how, int parallel, Action onDone, CancellationToken cancellationToken)
    {
        var options = how with { Collection = collection, TopK = Measures.Depth, MaxChunksPerDocument = 1 };
        await client.SearchAsync(queries[0].Text, options, cancellationToken); // the first of a kind also pays for compiling and loading
        var ranked = new RankedDocuments[queries.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, queries.Count, limits, async (index, token) =>
        {
            var begin = time.GetTimestamp();
            var result = await client.SearchAsync(queries[index].Text, options, token);
            var elapsed = time.GetElapsedTime(begin);
            ranked[index] = new RankedDocuments([.. result.Hits.Select(hit => hit.DocumentId).Distinct(StringComparer.Ordinal)], elapsed.TotalMilliseconds);
            onDone();
        });
        return ranked;
    }
}
