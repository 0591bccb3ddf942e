using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Gateway.Tests;

public sealed class GatewayTelemetryTests
{
    [Fact]
    public async Task Requests_AreCountedByMethodStatusAndTenant()
    {
        await using var server = await GatewayServer.StartAsync();
        var meters = server.Services.GetRequiredService<IMeterFactory>();
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "rag.gateway.requests" && ReferenceEquals(instrument.Meter.Scope, meters))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Enqueue(string.Join(' ', tags.ToArray().Select(tag => tag.Value))));
        await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key());
        listener.Start();

        await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key());
        await Failures.StatusOfAsync(() => server.Client.Ask(new AskRequest()).ReadAsync());
        server.Fakes.Search = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new Protos.Retrieval.V1.SearchResponse();
        };
        await Failures.StatusOfAsync(() => server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key(), DateTime.UtcNow.AddSeconds(0.5)).ResponseAsync);

        // A call is counted when its handler has ended, which its caller may learn a moment earlier.
        await TestTimeout.EventuallyAsync(() => Task.FromResult(counted.Count == 3), "the count of three calls");
        counted.ShouldBe(["Search 0 a", "Ask 16 none", "Search 4 a"]);
    }
}
