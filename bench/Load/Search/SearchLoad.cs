using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RabbitMQ.Client;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Bench.Load.Search;

/// <summary>
/// Hybrid searches over gRPC, query embedding included, by eight clients that ask again as soon as they are answered, on
/// collections of growing size; with it what a chunk costs in memory and on disk, and how long the service takes to open.
/// </summary>
internal static class SearchLoad
{
    private const string Collection = "bench-search";
    private const string Model = "all-MiniLM-L6-v2";
    private const int Dimension = 384;
    private const int Clients = 8;
    private const int WarmUp = 4000;
    private const int Questions = 4000;
    private const int MaxUnindexed = 2000;
    private static readonly TimeSpan StandstillTimeout = TimeSpan.FromSeconds(120);

    public static async Task RunAsync(string corpusPath, Uri broker, string models, int[] sizes)
    {
        var corpus = new Corpus(corpusPath, Dimension);
        using var services = new SearchServices(broker.AbsoluteUri, models);
        await services.StartRetrievalAsync();
        Console.WriteLine($"{corpus.Count} real chunks; {Clients} clients, {Questions} questions of 6 to 10 words per row after {WarmUp} to warm up\n");
        Console.WriteLine("| chunks | fill chunks/s | open s | queries/s | p50 ms | p95 ms | p99 ms | embedding | of it model | filter | lexical | vectors | fusion | memory MiB | of it private | disk bytes/chunk | segments |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        var filled = 0;
        foreach (var size in sizes)
        {
            var begin = Stopwatch.GetTimestamp();
            await FillAsync(corpus, services, broker, filled, size);
            var fill = (size - filled) / Stopwatch.GetElapsedTime(begin).TotalSeconds;
            await RestAsync(services);
            filled = size;
            await services.StopRetrievalAsync();
            var open = await services.StartRetrievalAsync();
            var description = (await services.Retrieval.DescribeCollectionAsync(new DescribeCollectionRequest { Tenant = "default", Collection = Collection })).Collection;
            await MeasureAsync(corpus, services, WarmUp, seed: 1);
            var begun = Stopwatch.GetTimestamp();
            var answers = await MeasureAsync(corpus, services, Questions, seed: 2);
            var perSecond = answers.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var times = answers.Select(answer => answer.Milliseconds).Order().ToList();
            string Mean(Func<SearchResponse, double> part) => answers.Average(answer => part(answer.Response)).ToString("0.00", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {description.ChunkCount} | {fill:0} | {open.TotalSeconds:0.0} | {perSecond:0} | {times[times.Count / 2]:0.0} | {times[times.Count * 95 / 100]:0.0} | {times[times.Count * 99 / 100]:0.0} | {Mean(r => r.EmbeddingMilliseconds)} | {Mean(r => r.ModelMilliseconds)} | {Mean(r => r.FilterMilliseconds)} | {Mean(r => r.LexicalMilliseconds)} | {Mean(r => r.VectorMilliseconds)} | {Mean(r => r.FusionMilliseconds)} | {services.RetrievalMemoryBytes >> 20} | {services.RetrievalPrivateBytes >> 20} | {services.DiskBytes / description.ChunkCount} | {description.SegmentCount} |"));
        }
    }

    private static async Task FillAsync(Corpus corpus, SearchServices services, Uri broker, int from, int to)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        long published = from;
        foreach (var batch in corpus.Documents(Collection, Model, from, to))
        {
            await channel.BasicPublishAsync("RagPlatform.Contracts.Embedding:ChunksEmbedded", "", mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true }, Envelope(batch));
            published += batch.Chunks.Count;
            await WaitAsync(services, published - MaxUnindexed);
        }

        await WaitAsync(services, to);
    }

    private static async Task WaitAsync(SearchServices services, long chunks)
    {
        var (before, since) = (-1L, Stopwatch.GetTimestamp());
        for (long indexed; (indexed = await IndexedAsync(services)) < chunks; await Task.Delay(50))
        {
            if (indexed > before)
            {
                (before, since) = (indexed, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(since) > StandstillTimeout)
            {
                throw new TimeoutException($"The index has stood at {indexed} of {chunks} chunks for {StandstillTimeout.TotalSeconds} s.");
            }
        }
    }

    private static ReadOnlyMemory<byte> Envelope(ChunksEmbedded batch) => JsonSerializer.SerializeToUtf8Bytes(
        new { messageId = Guid.CreateVersion7(), messageType = new[] { "urn:message:RagPlatform.Contracts.Embedding:ChunksEmbedded" }, message = batch }, JsonSerializerOptions.Web);

    private static async Task<long> IndexedAsync(SearchServices services) =>
        (await services.Retrieval.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "default" })).Collections.SingleOrDefault()?.ChunkCount ?? 0;

    /// <summary>Waits until merges have nothing left to do: the number of segments and the bytes on disk stay as they are.</summary>
    private static async Task RestAsync(SearchServices services)
    {
        var (bytes, unchanged) = (0L, 0);
        while (unchanged < 20)
        {
            await Task.Delay(500);
            var now = services.DiskBytes;
            unchanged = now == bytes ? unchanged + 1 : 0;
            bytes = now;
        }
    }

    private static async Task<List<(double Milliseconds, SearchResponse Response)>> MeasureAsync(Corpus corpus, SearchServices services, int questions, int seed)
    {
        var random = new Random(seed);
        var texts = Enumerable.Range(0, questions).Select(_ => corpus.Question(random)).ToArray();
        var answers = new (double, SearchResponse)[questions];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            int number;
            while ((number = Interlocked.Increment(ref next)) < questions)
            {
                var begin = Stopwatch.GetTimestamp();
                var response = await services.Retrieval.SearchAsync(new SearchRequest { Tenant = "default", Collection = Collection, Query = texts[number], TopK = 10 });
                answers[number] = (Stopwatch.GetElapsedTime(begin).TotalMilliseconds, response);
            }
        }));
        return [.. answers];
    }
}
