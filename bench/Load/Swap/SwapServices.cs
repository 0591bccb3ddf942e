using System.Diagnostics;
using Grpc.Net.Client;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Bench.Load.Swap;

/// <summary>Embedding, Ingestion and Retrieval, each its own process on this machine, with a data folder of their own.</summary>
internal sealed class SwapServices : IDisposable
{
    private readonly ServiceGroup services;
    private readonly GrpcChannel ingestion;
    private readonly GrpcChannel retrieval;
    private volatile bool isRetrievalAway;

    public SwapServices(SwapPlan plan)
    {
        var models = Directory.CreateTempSubdirectory("rag-bench-models-").FullName;
        services = new ServiceGroup(
            ["Embedding", "Ingestion", "Retrieval"],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__rabbitmq"] = plan.Broker.AbsoluteUri, ["Embedding__ModelsDirectory"] = models, ["Embedding__Model"] = plan.Before,
                // While Retrieval is away others report it, as they should.
                ["Logging__LogLevel__Default"] = "Critical",
            });
        plan.WriteModels(models);
        services.Start("Embedding");
        services.Start("Ingestion");
        services.Start("Retrieval");
        (Models, ingestion, retrieval) = (models, GrpcChannel.ForAddress(services.AddressOf("Ingestion")), GrpcChannel.ForAddress(services.AddressOf("Retrieval")));
    }

    public IngestionService.IngestionServiceClient Ingestion => new(ingestion);

    public RetrievalService.RetrievalServiceClient Retrieval => new(retrieval);

    /// <summary>From its kill until it answers again.</summary>
    public bool IsRetrievalAway => isRetrievalAway;

    private string Models { get; }

    public async Task WaitUntilReadyAsync()
    {
        await services.AskUntilAnsweredAsync("Retrieval", async () => await Retrieval.ListCollectionsAsync(new ListCollectionsRequest { Tenant = "default" }));
        await services.AskUntilAnsweredAsync("Ingestion", async () => await Ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = "default" }));
    }

    /// <summary>As kill -9 does.</summary>
    /// <returns>How long it was away.</returns>
    public async Task<TimeSpan> KillAndRestartRetrievalAsync()
    {
        isRetrievalAway = true;
        var begin = Stopwatch.GetTimestamp();
        await services.KillAsync("Retrieval");
        services.Start("Retrieval");
        await WaitUntilReadyAsync();
        isRetrievalAway = false;
        return Stopwatch.GetElapsedTime(begin);
    }

    public async Task RestartIngestionAsync(int chunkTokens)
    {
        await services.KillAsync("Ingestion");
        services.Start("Ingestion", KeyValuePair.Create("Ingestion__ChunkMaxTokens", $"{chunkTokens}"));
        await WaitUntilReadyAsync();
    }

    public void Dispose()
    {
        services.Dispose();
        ingestion.Dispose();
        retrieval.Dispose();
        Directory.Delete(Models, recursive: true);
    }
}
