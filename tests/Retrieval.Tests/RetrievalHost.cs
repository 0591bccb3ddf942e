using System.Collections.Concurrent;
using System.Collections.Immutable;
using MassTransit;
using MassTransit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Search;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests;

/// <summary>The whole module behind a real gRPC server, with fakes of its neighbours, a second store, and MassTransit's in-memory bus.</summary>
internal sealed class RetrievalHost : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<IndexKey, ImmutableDictionary<string, IndexedDocument>> _memory = new();
    private readonly TestServer _neighbours;
    private readonly (string Key, string Value)[] _settings;
    private TestServer _server = null!;

    private RetrievalHost(TestServer neighbours, (string Key, string Value)[] settings) => (_neighbours, _settings) = (neighbours, settings);

    public FakeEmbeddingService Embedding => _neighbours.Services.GetRequiredService<FakeEmbeddingService>();

    public FakeIngestionService Ingestion => _neighbours.Services.GetRequiredService<FakeIngestionService>();

    public RetrievalService.RetrievalServiceClient Client { get; private set; } = null!;

    public ITestHarness Bus => Service<ITestHarness>();

    public Collections Collections => Service<Collections>();

    /// <summary>The store "memory", beside the module's own.</summary>
    public MemoryVectorStore Memory => Service<IEnumerable<IVectorStore>>().OfType<MemoryVectorStore>().Single();

    /// <param name="settings">Beside those that every test needs.</param>
    public static async Task<RetrievalHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var neighbours = await TestServer.StartAsync(
            builder => builder.Services.AddSingleton<FakeEmbeddingService>().AddSingleton<FakeIngestionService>(),
            app =>
            {
                app.MapGrpcService<FakeEmbeddingService>();
                app.MapGrpcService<FakeIngestionService>();
            });
        var host = new RetrievalHost(neighbours, settings);
        await host.StartServerAsync();
        return host;
    }

    /// <summary>Stops the service and starts it on the same data.</summary>
    /// <param name="meanwhile">What happens to the data directory in between.</param>
    /// <param name="before">See <see cref="MemoryVectorStore.Before"/>.</param>
    public async Task RestartAsync(Action<string>? meanwhile = null, Action<string>? before = null)
    {
        await _server.DisposeAsync();
        meanwhile?.Invoke(_folder.Path);
        await StartServerAsync(before);
    }

    public T Service<T>()
        where T : notnull => _server.Services.GetRequiredService<T>();

    /// <summary>Puts a version straight into its collection.</summary>
    public async Task IndexAsync(params ChunksEmbedded[] batches)
    {
        foreach (var batch in batches)
        {
            var collection = CollectionKey.Require(batch.Document.Tenant, batch.Document.Collection);
            await Service<DocumentWriter>().StageAsync(collection, batch, Service<DocumentEmbedding>().EmbedAsync, CancellationToken.None).WithTimeout("staging");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _neighbours.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartServerAsync(Action<string>? before = null)
    {
        _server = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["Data:Directory"] = _folder.Path,
                    ["services:embedding:http:0"] = _neighbours.Address.ToString(),
                    ["services:ingestion:http:0"] = _neighbours.Address.ToString(),
                });
                builder.Configuration.AddInMemoryCollection(_settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
                builder.AddRetrieval();
                builder.Services.AddSingleton<IVectorStore>(new MemoryVectorStore(_memory) { Before = before });
                builder.Services.AddMassTransitTestHarness(bus =>
                {
                    bus.SetTestTimeouts(testTimeout: TestTimeout.Default, testInactivityTimeout: TimeSpan.FromMilliseconds(200));
                    RetrievalModule.AddConsumers(bus);
                });
            },
            app => app.MapRetrieval());
        Client = new RetrievalService.RetrievalServiceClient(_server.Channel);
        await Service<VectorStores>().WaitUntilOpenAsync(RetrievalOptions.EmbeddedStore, CancellationToken.None).WithTimeout("the store's opening");
    }
}
