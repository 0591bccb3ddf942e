using Grpc.Net.Client;
using RagPlatform.Protos.Documents.V1;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>Embedding, as a rule without its cache of vectors, Ingestion and Retrieval, each its own process, with a data folder of their own.</summary>
internal sealed class IngestServices : IDisposable
{
    public static readonly string[] Names = ["Ingestion", "Embedding", "Retrieval"];

    private readonly ServiceGroup services;
    private readonly GrpcChannel ingestion;
    private readonly GrpcChannel retrieval;

    /// <param name="plan">What for.</param>
    /// <param name="dimension">Of the vectors of a trivial model.</param>
    /// <param name="cacheMegabytes">Of vectors that Embedding may remember.</param>
    public IngestServices(IngestPlan plan, int dimension, int cacheMegabytes = 0)
    {
        var models = Directory.CreateTempSubdirectory("rag-bench-models-").FullName;
        Models = models;
        if (plan.IsTrivial)
        {
            TrivialModel.Write(Path.Combine(models, TrivialModel.Name), plan.Model, dimension);
        }
        else
        {
            Directory.CreateSymbolicLink(Path.Combine(models, Path.GetFileName(plan.Model)), plan.Model);
        }

        services = new ServiceGroup(Names, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__rabbitmq"] = plan.Broker.AbsoluteUri, ["Embedding__ModelsDirectory"] = models, ["Embedding__CacheMegabytes"] = $"{cacheMegabytes}",
            ["Embedding__Model"] = plan.IsTrivial ? TrivialModel.Name : Path.GetFileName(plan.Model), ["Embedding__PullOnStart"] = "false",
        });
        foreach (var service in Names)
        {
            services.Start(service);
        }

        (ingestion, retrieval) = (GrpcChannel.ForAddress(services.AddressOf("Ingestion")), GrpcChannel.ForAddress(services.AddressOf("Retrieval")));
    }

    public IngestionService.IngestionServiceClient Ingestion => new(ingestion);

    public string DataDirectory => services.DataDirectory;

    public RetrievalService.RetrievalServiceClient Retrieval => new(retrieval);

    private string Models { get; }

    public int ProcessIdOf(string service) => services[service].Id;

    public async Task WaitUntilReadyAsync()
    {
        await services.AskUntilAnsweredAsync("Retrieval", async () => await Retrieval.ListCollectionsAsync(new ListCollectionsRequest { Tenant = IngestPlan.Tenant }));
        await services.AskUntilAnsweredAsync("Ingestion", async () => await CountAsync());
    }

    /// <summary>Documents by state.</summary>
    public async Task<IReadOnlyDictionary<DocumentState, long>> CountAsync() =>
        (await Ingestion.CountDocumentsAsync(new CountDocumentsRequest { Tenant = IngestPlan.Tenant })).Counts.ToDictionary(count => count.State, count => count.Count);

    /// <summary>Says what will come, so that the platform can tell how long it will take.</summary>
    public async Task DeclareAsync(int documents, long bytes) => await Ingestion.DeclareBatchAsync(
        new DeclareBatchRequest { Tenant = IngestPlan.Tenant, BatchId = IngestPlan.Batch, ExpectedDocuments = documents, ExpectedBytes = bytes });

    /// <summary>What the platform says of all documents.</summary>
    public async Task<Batch> FollowAsync() =>
        (await Ingestion.GetBatchAsync(new GetBatchRequest { Tenant = IngestPlan.Tenant, BatchId = IngestPlan.Batch })).Batch;

    /// <summary>Zeros until the first document is indexed.</summary>
    public async Task<Collection> DescribeAsync() =>
        (await Retrieval.ListCollectionsAsync(new ListCollectionsRequest { Tenant = IngestPlan.Tenant })).Collections.FirstOrDefault(one => one.Name == IngestPlan.Collection) ?? new Collection();

    /// <summary>So that its files can be read.</summary>
    public Task StopRetrievalAsync() => services.KillAsync("Retrieval");

    public void Dispose()
    {
        services.Dispose();
        ingestion.Dispose();
        retrieval.Dispose();
        Directory.Delete(Models, recursive: true);
    }
}
