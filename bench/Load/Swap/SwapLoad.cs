using System.Diagnostics;
using System.Globalization;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using SearchV1 = RagPlatform.Protos.Search.V1;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>A collection is taken to another model or chunking while it is searched, written to, and its service is killed.</summary>
internal static class SwapLoad
{
    private const string Collection = "bench-swap";
    public const int Questions = 64;
    private const int ParallelPuts = 4;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BesideInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StandstillTimeout = TimeSpan.FromMinutes(5);

    /// <returns>False if a search failed or mixed, a document was lost, or the build did not resume.</returns>
    public static async Task<bool> RunAsync(SwapPlan plan)
    {
        var documents = new SwapDocuments(plan.Documents, plan.Count);
        using var services = new SwapServices(plan);
        await services.WaitUntilReadyAsync();
        await services.Retrieval.CreateCollectionAsync(new CreateCollectionRequest { Tenant = "default", Collection = Collection, EmbeddingModel = plan.Before });
        var fill = await FillAsync(services, documents);

        var random = new Random(1);
        var questions = Enumerable.Range(0, Questions).Select(_ => documents.Question(random)).ToArray();
        await using var searches = new SwapSearches(services, Collection, questions);
        var former = await SwapReference.ReadAsync(searches, plan.Before, questions);
        var (held, unfit) = (await DescribeAsync(services), await CountFailedAsync(services));
        searches.Start();
        await Task.Delay(Before);
        if (plan.ChunkTokens > 0)
        {
            await services.RestartIngestionAsync(plan.ChunkTokens);
        }

        var buildBegan = searches.Now;
        using var done = new CancellationTokenSource();
        var beside = PutBesideAsync(services, done.Token);
        var build = await SwapBuild.RunAsync(services, Collection, plan);
        var buildEnded = searches.Now;
        await Task.Delay(After);
        await done.CancelAsync();
        var put = await beside;
        await searches.StopAsync();
        await WaitAsync(services, documents.Count + put);
        var present = await SwapReference.ReadAsync(searches, plan.After, questions);

        var failed = await CountFailedAsync(services) - unfit;
        return new SwapReport(plan, held, await DescribeAsync(services), fill, build, buildBegan, buildEnded, put, failed, searches, former, present).Write();
    }

    /// <returns>Seconds.</returns>
    private static async Task<double> FillAsync(SwapServices services, SwapDocuments documents)
    {
        var begin = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            documents.Puts(Collection), new ParallelOptions { MaxDegreeOfParallelism = ParallelPuts },
            async (put, cancellation) => await services.Ingestion.PutDocumentAsync(put, cancellationToken: cancellation));
        await WaitAsync(services, documents.Count);
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>Puts one document after the other, so that some come before, while and after the indexes are switched.</summary>
    private static async Task<int> PutBesideAsync(SwapServices services, CancellationToken done)
    {
        var number = 0;
        while (!done.IsCancellationRequested)
        {
            await services.Ingestion.PutDocumentAsync(SwapDocuments.PutBeside(Collection, number++), cancellationToken: CancellationToken.None);
            await Task.Delay(BesideInterval, CancellationToken.None);
        }

        return number;
    }

    /// <summary>Until every document that was put is at rest.</summary>
    private static async Task WaitAsync(SwapServices services, int documents)
    {
        var (before, since) = (-1L, Stopwatch.GetTimestamp());
        while (true)
        {
            var counts = (await services.Ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = "default" })).Counts;
            var rest = counts.Where(count => count.State is DocumentState.Indexed or DocumentState.Failed).Sum(count => count.Count);
            if (rest >= documents)
            {
                return;
            }

            if (rest > before)
            {
                (before, since) = (rest, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > StandstillTimeout)
            {
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{rest} of {documents} documents have been at rest for {StandstillTimeout.TotalSeconds} s."));
            }

            await Task.Delay(200);
        }
    }

    /// <summary>Of the file's documents there may be some without text.</summary>
    private static async Task<long> CountFailedAsync(SwapServices services) =>
        (await services.Ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = "default" })).Counts
            .Where(count => count.State == DocumentState.Failed).Sum(count => count.Count);

    private static async Task<SearchV1.Collection> DescribeAsync(SwapServices services) =>
        (await services.Retrieval.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "default", Collection = Collection })).Collection;
}
