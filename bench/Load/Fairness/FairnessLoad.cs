using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Bench.Load.Fairness;

/// <summary>One tenant sends thousands of documents; meanwhile others send one page each, and search for it every 20 ms.</summary>
internal static class FairnessLoad
{
    private const int Probes = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SearchInterval = TimeSpan.FromMilliseconds(20);

    /// <returns>Whether each was found in time.</returns>
    public static async Task<bool> RunAsync(IngestPlan plan, bool isDropped)
    {
        var documents = new LoadDocuments(plan.Documents, plan.Count);
        using var services = new IngestServices(plan, dimension: 0);
        await services.WaitUntilReadyAsync();
        await using var publisher = isDropped ? new DropPublisher(plan.Broker) : null;
        if (publisher is not null)
        {
            await publisher.OpenAsync();
        }

        // Models are loaded and code is compiled before it counts.
        await new DocumentSender(services, publisher).SendAsync([Document("warm")]);
        await FindAsync(services, "warm", Stopwatch.GetTimestamp());

        var many = new DocumentSender(services, publisher);
        var sending = many.SendAsync(documents.Drops());
        Console.WriteLine($"one tenant: {documents.Count} documents {(isDropped ? "through rag.documents" : "by calls")}; the others: one page each\n");
        Console.WriteLine("| sent | registered | at rest | seconds until the other tenant's document is found |\n|---|---|---|---|");
        var seconds = new List<double>();
        for (var probe = 0; probe < Probes; probe++)
        {
            if (probe == Probes - 2)
            {
                await sending;
            }

            await Task.Delay(Pause);
            var (tenant, counts, sent) = ($"few-{probe}", await services.CountAsync(), many.Sent);
            var begin = Stopwatch.GetTimestamp();
            await new DocumentSender(services, publisher).SendAsync([Document(tenant)]);
            seconds.Add(await FindAsync(services, tenant, begin));
            var atRest = counts.Where(count => count.Key is DocumentState.Indexed or DocumentState.Failed).Sum(count => count.Value);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {sent} | {counts.Values.Sum()} | {atRest} | {seconds[^1]:0.00} |"));
        }

        return seconds.TrueForAll(one => one <= Limit.TotalSeconds);
    }

    private static byte[] Document(string tenant) =>
        JsonSerializer.SerializeToUtf8Bytes(new { tenant, collection = IngestPlan.Collection, id = tenant, contentType = "text/markdown", text = Page.Markdown($"marker{tenant}") });

    private static async Task<double> FindAsync(IngestServices services, string tenant, long begin)
    {
        var request = new SearchRequest { Tenant = tenant, Collection = IngestPlan.Collection, Query = $"marker{tenant}", TopK = 1 };
        while (Stopwatch.GetElapsedTime(begin) < Patience)
        {
            try
            {
                if ((await services.Retrieval.SearchAsync(request)).Hits.Count > 0)
                {
                    break;
                }
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound or StatusCode.Unavailable)
            {
                // The tenant has no collection yet, or the model is being loaded.
            }

            await Task.Delay(SearchInterval);
        }

        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
