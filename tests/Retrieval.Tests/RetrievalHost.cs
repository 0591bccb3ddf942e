using MassTransit;
using MassTransit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests;

/// <summary>The whole module behind a real gRPC server, with a fake embedding service and MassTransit's in-memory bus.</summary>
internal sealed class RetrievalHost : IAsyncDisposable
{
    private readonly TestFolder _folder;
    private readonly TestServer _embedding;
    private readonly TestServer _server;

    private RetrievalHost(TestFolder folder, FakeEmbeddingService fake, TestServer embedding, TestServer server)
    {
        (_folder, Embedding, _embedding, _server) = (folder, fake, embedding, server);
        Client = new RetrievalService.RetrievalServiceClient(server.Channel);
    }

    public FakeEmbeddingService Embedding { get; }

    public RetrievalService.RetrievalServiceClient Client { get; }

    public ITestHarness Bus => _server.Services.GetRequiredService<ITestHarness>();

    public IDocumentStore Store => _server.Services.GetRequiredService<IDocumentStore>();

    public static async Task<RetrievalHost> StartAsync()
    {
        var folder = new TestFolder();
        var fake = new FakeEmbeddingService();
        var embedding = await TestServer.StartAsync(fake);
        var server = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
                {
                    ["Data:Directory"] = folder.Path,
                    ["services:embedding:http:0"] = embedding.Address.ToString(),
                });
                builder.AddRetrieval();
                builder.Services.AddMassTransitTestHarness(bus =>
                {
                    bus.SetTestTimeouts(testTimeout: TestTimeout.Default, testInactivityTimeout: TimeSpan.FromMilliseconds(200));
                    RetrievalModule.AddConsumers(bus);
                });
            },
            app => app.MapRetrieval());
        return new RetrievalHost(folder, fake, embedding, server);
    }

    /// <summary>Puts a version straight into the store.</summary>
    public async Task IndexAsync(params ChunksEmbedded[] batches)
    {
        foreach (var batch in batches)
        {
            await Store.StageAsync(CollectionKey.Require(batch.Document.Tenant, batch.Document.Collection), batch, CancellationToken.None).WithTimeout("staging");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _embedding.DisposeAsync();
        _folder.Dispose();
    }
}
