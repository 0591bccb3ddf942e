using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>Embedding, Ingestion and Retrieval, each its own process on this machine, with a data folder of their own.</summary>
internal sealed class SwapServices : IDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(2);

    private readonly SwapPlan plan;
    private readonly string folder = Directory.CreateTempSubdirectory("rag-bench-").FullName;
    private readonly Dictionary<string, int> ports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Process> processes = new(StringComparer.Ordinal);
    private readonly GrpcChannel ingestion;
    private readonly GrpcChannel retrieval;
    private volatile bool isRetrievalAway;

    public SwapServices(SwapPlan plan)
    {
        this.plan = plan;
        plan.WriteModels(Path.Combine(folder, "models"));
        foreach (var service in new[] { "Embedding", "Ingestion", "Retrieval" })
        {
            ports[service] = ServiceProcess.FreePort();
        }

        foreach (var service in ports.Keys)
        {
            Start(service, chunkTokens: 0);
        }

        (ingestion, retrieval) = (GrpcChannel.ForAddress(AddressOf("Ingestion")), GrpcChannel.ForAddress(AddressOf("Retrieval")));
    }

    public IngestionService.IngestionServiceClient Ingestion => new(ingestion);

    public RetrievalService.RetrievalServiceClient Retrieval => new(retrieval);

    /// <summary>From its kill until it answers again.</summary>
    public bool IsRetrievalAway => isRetrievalAway;

    public async Task WaitUntilReadyAsync()
    {
        await AskUntilAnsweredAsync("Retrieval", async () => await Retrieval.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "default" }));
        await AskUntilAnsweredAsync("Ingestion", async () => await Ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = "default" }));
    }

    /// <summary>As kill -9 does.</summary>
    /// <returns>How long it was away.</returns>
    public async Task<TimeSpan> KillAndRestartRetrievalAsync()
    {
        isRetrievalAway = true;
        var begin = Stopwatch.GetTimestamp();
        processes["Retrieval"].Kill();
        await processes["Retrieval"].WaitForExitAsync();
        Start("Retrieval", chunkTokens: 0);
        await WaitUntilReadyAsync();
        isRetrievalAway = false;
        return Stopwatch.GetElapsedTime(begin);
    }

    public async Task RestartIngestionAsync(int chunkTokens)
    {
        processes["Ingestion"].Kill();
        await processes["Ingestion"].WaitForExitAsync();
        Start("Ingestion", chunkTokens);
        await WaitUntilReadyAsync();
    }

    public void Dispose()
    {
        foreach (var process in processes.Values)
        {
            process.Kill();
            process.WaitForExit();
        }

        ingestion.Dispose();
        retrieval.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Start(string service, int chunkTokens)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Directory"] = Path.Combine(folder, "data"), ["ConnectionStrings__rabbitmq"] = plan.Broker.AbsoluteUri,
            ["Embedding__ModelsDirectory"] = Path.Combine(folder, "models"), ["Embedding__Model"] = plan.Before,
            // While Retrieval is away others report it, as they should.
            ["Logging__LogLevel__Default"] = "Critical",
        };
        if (chunkTokens > 0)
        {
            settings["Ingestion__ChunkMaxTokens"] = $"{chunkTokens}";
        }

        foreach (var other in ports.Keys)
        {
            settings[$"services__{other.ToLowerInvariant()}__http__0"] = AddressOf(other);
        }

        processes[service] = ServiceProcess.Start(service, ports[service], settings);
    }

    private string AddressOf(string service) => $"http://127.0.0.1:{ports[service]}";

    private async Task AskUntilAnsweredAsync(string service, Func<Task> ask)
    {
        for (var begin = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            try
            {
                await ask();
                return;
            }
            catch (RpcException) when (!processes[service].HasExited && Stopwatch.GetElapsedTime(begin) < ReadyTimeout)
            {
                // Not yet.
            }
        }
    }
}
