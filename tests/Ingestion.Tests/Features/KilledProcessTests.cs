using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MassTransit;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.ServiceDefaults;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>The service as a process of its own, killed in the middle of its work.</summary>
[Collection(BrokerCollection.Name)]
public sealed class KilledProcessTests(BrokerFixture broker) : IDisposable
{
    private const int Documents = 100;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RequiresBrokerFact]
    public async Task KilledTwice_InTheMiddleOfDrops_LosesNone_AndIndexesNoneTwice()
    {
        var downstream = new FakeDownstream();
        await using var neighbours = await FakeNeighbours.StartAsync(new FakeEmbedding(), new FakeRetrieval());
        await using var services = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:rabbitmq", broker.Address.ToString())]);
                builder.Services.AddSingleton(downstream);
                builder.AddRabbitMqMessaging(bus => bus.AddConsumer<FakeDownstreamConsumer>().Endpoint(endpoint => endpoint.Name = "fake-downstream"));
            },
            _ => { });
        await using var client = await ForeignClient.ConnectAsync(broker.Address);
        await client.DeclareDropQueueAsync();
        for (var index = 0; index < Documents; index++)
        {
            await client.DropAsync($$"""{"id":"document {{index}}","collection":"killed","text":"Text of document {{index}}."}""");
        }

        foreach (var indexedBefore in new[] { 10, 50 })
        {
            using var process = await IngestionProcess.StartAsync(_folder.Path, broker.Address, neighbours.Address);
            await client.WaitForEventsAsync(indexedBefore);
            process.Kill();
        }

        using var last = await IngestionProcess.StartAsync(_folder.Path, broker.Address, neighbours.Address);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(Indexed(client).Distinct().Count() == Documents), "all documents are indexed", TimeSpan.FromSeconds(60));

        client.Events.ShouldAllBe(entry => entry.Body.GetProperty("type").GetString() == "document.indexed");
        client.Events.ShouldAllBe(entry => entry.Body.GetProperty("version").GetInt64() == 1);
        downstream.Index.Count.ShouldBe(Documents);
    }

    private static IEnumerable<string> Indexed(ForeignClient client) => client.Events.Select(entry => entry.Body.GetProperty("id").GetString()!);
}
