using Grpc.Net.Client;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Ingestion.Features.CheckConsistency;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.ServiceDefaults;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>The whole service in this process, with fakes where the other services are.</summary>
internal sealed class IngestionHost : IAsyncDisposable
{
    private readonly TestServer _neighbours;
    private readonly TestServer _server;

    private IngestionHost(TestServer neighbours, TestServer server, FakeEmbedding embedding, FakeRetrieval retrieval, FakeDownstream downstream)
    {
        _neighbours = neighbours;
        _server = server;
        Embedding = embedding;
        Retrieval = retrieval;
        Downstream = downstream;
        Client = new IngestionService.IngestionServiceClient(server.Channel);
    }

    public FakeEmbedding Embedding { get; }

    public FakeRetrieval Retrieval { get; }

    public FakeDownstream Downstream { get; }

    public IngestionService.IngestionServiceClient Client { get; }

    public CheckConsistencyHandler Consistency => _server.Services.GetRequiredService<CheckConsistencyHandler>();

    public GrpcChannel Channel => _server.Channel;

    /// <param name="folder">State is kept here; a second host on it is a restart.</param>
    /// <param name="broker">The real bus and the public queue on this broker; in process when null.</param>
    /// <param name="settings">Configuration.</param>
    public static async Task<IngestionHost> StartAsync(string folder, Uri? broker = null, Action<FakeDownstream, FakeEmbedding>? prepare = null, params (string Key, string Value)[] settings)
    {
        var embedding = new FakeEmbedding();
        var retrieval = new FakeRetrieval();
        var downstream = new FakeDownstream();
        prepare?.Invoke(downstream, embedding);
        var neighbours = await FakeNeighbours.StartAsync(embedding, retrieval);
        var server = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("Data:Directory", folder),
                    new("services:embedding:http:0", neighbours.Address.ToString()),
                    new("services:retrieval:http:0", neighbours.Address.ToString()),
                    new("ConnectionStrings:rabbitmq", broker?.ToString()),
                    .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
                ]);
                builder.Services.AddSingleton(downstream);
                builder.AddIngestion();
                if (broker is null)
                {
                    builder.AddInProcessMessaging(IngestionModule.AddConsumers, AddDownstream);
                }
                else
                {
                    builder.AddIngestionPublicQueue();
                    builder.AddRabbitMqMessaging(IngestionModule.AddConsumers, AddDownstream);
                }
            },
            app => app.MapIngestion());
        return new IngestionHost(neighbours, server, embedding, retrieval, downstream);
    }

    /// <summary>As another service does.</summary>
    public Task PublishAsync<T>(T message)
        where T : class => _server.Services.GetRequiredService<IBus>().Publish(message);

    public async Task<DocumentEvent[]> WatchAsync(string id, string tenant = "default", string collection = "docs")
    {
        using var call = Client.WatchDocument(new WatchDocumentRequest { Tenant = tenant, Collection = collection, Id = id });
        var events = new List<DocumentEvent>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout($"the next event of {id} after {events.LastOrDefault()?.State}"))
        {
            events.Add(call.ResponseStream.Current.Event);
        }

        return [.. events];
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _neighbours.DisposeAsync();
    }

    private static void AddDownstream(IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<FakeDownstreamConsumer>().Endpoint(endpoint => endpoint.Name = "fake-downstream");
}
