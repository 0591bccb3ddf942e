using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.TestKit;

namespace RagPlatform.ServiceDefaults.Tests;

[Collection(TelemetryTests.SpansOfTheProcess)]
public sealed class TelemetryTests
{
    /// <summary>Of tests that make spans, or look at all of them: one after the other.</summary>
    public const string SpansOfTheProcess = "spans";

    [Fact]
    public async Task Call_OfAService_IsNamedByServiceAndMethodOnBothSides()
    {
        var spans = await SpansOfAsync(() => new SearchResponse());

        spans.ShouldAllBe(span => span.DisplayName == "RetrievalService/Search");
        spans.Select(span => span.Kind).Distinct().ShouldBe([ActivityKind.Client, ActivityKind.Server], ignoreOrder: true);
        spans.Select(span => span.TraceId).Distinct().ShouldHaveSingleItem();
        var server = spans.Single(span => span.Kind is ActivityKind.Server);
        server.GetTagItem("rpc.service").ShouldBe("ragplatform.retrieval.v1.RetrievalService");
        server.GetTagItem("rpc.grpc.status_code").ShouldBe(0);
        server.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Theory]
    [InlineData(FailureKind.InvalidArgument, ActivityStatusCode.Unset)]
    [InlineData(FailureKind.NotFound, ActivityStatusCode.Unset)]
    [InlineData(FailureKind.Unavailable, ActivityStatusCode.Error)]
    public async Task Failure_OfACall_IsAnErrorOfTheSideWhoseItIs(FailureKind kind, ActivityStatusCode server)
    {
        var spans = await SpansOfAsync(() => throw new ServiceException(kind, "PROBE", "as the test says"));

        spans.Single(span => span.Kind is ActivityKind.Server).Status.ShouldBe(server);
        spans.Single(span => span.Source.Name == "Grpc.Net.Client").Status.ShouldBe(ActivityStatusCode.Error);
    }

    [Fact]
    public async Task Probes_OfEitherKind_LeaveNoSpanOnEitherSide()
    {
        var host = await ProbeHost.StartAsync(() => new SearchResponse());
        await using (host)
        {
            using var http = new HttpClient();
            await http.GetStringAsync(new Uri(host.HealthAddress, "/health")).WithTimeout("/health");
            await http.GetStringAsync(new Uri(host.HealthAddress, "/alive")).WithTimeout("/alive");
            await new Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest()).ResponseAsync.WithTimeout("the health check");
        }

        host.Spans.Where(IsOf(host)).Select(span => span.DisplayName).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("RagPlatform.Contracts.Ingestion:ChunksPrepared", "send", "ChunksPrepared")]
    [InlineData("ingestion-index-report", "receive", "ingestion-index-report")]
    public async Task Message_IsNamedWithoutItsNamespace(string destination, string operation, string name)
    {
        var host = await ProbeHost.StartAsync(() => new SearchResponse());
        await using (host)
        {
            using var source = new ActivitySource("MassTransit");
            using var span = source.StartActivity($"{destination} {operation}").ShouldNotBeNull();
            span.SetTag("messaging.destination.name", destination);
        }

        var message = host.Spans.Where(span => span.Source.Name == "MassTransit").ShouldHaveSingleItem();
        message.DisplayName.ShouldBe($"{name} {operation}");
        message.GetTagItem("messaging.destination.name").ShouldBe(name);
    }

    [Fact]
    public async Task Resource_NamesTheServiceAndItsInstance()
    {
        await using var host = await ProbeHost.StartAsync(() => new SearchResponse(), ("OTEL_SERVICE_NAME", ""));

        var resource = Resource(host);

        resource["service.name"].ShouldBe("probe");
        resource["service.namespace"].ShouldBe("ragplatform");
        ((string)resource["service.instance.id"]).ShouldBe($"probe-{Environment.MachineName}-{Environment.ProcessId}");
    }

    [Fact]
    public async Task Resource_GivenFromOutside_Wins()
    {
        await using var host = await ProbeHost.StartAsync(
            () => new SearchResponse(), ("OTEL_SERVICE_NAME", "retrieval-2"), ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=replica-7,deployment.environment=test"));

        var resource = Resource(host);

        resource["service.name"].ShouldBe("retrieval-2");
        resource["service.instance.id"].ShouldBe("replica-7");
        resource["deployment.environment"].ShouldBe("test");
    }

    [Fact]
    public async Task Shutdown_WaitsLessThanWhoeverStopsTheHost()
    {
        await using var host = await ProbeHost.StartAsync(() => new SearchResponse());

        host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static async Task<Activity[]> SpansOfAsync(Func<SearchResponse> search)
    {
        var host = await ProbeHost.StartAsync(search);
        await using (host)
        {
            var call = new RetrievalService.RetrievalServiceClient(host.Channel).SearchAsync(new SearchRequest()).ResponseAsync;
            await call.ContinueWith(_ => { }, TaskScheduler.Default).WithTimeout("the call");
        }

        return [.. host.Spans.Where(IsOf(host))];
    }

    /// <summary>Sources are the process's: other tests' spans may pass by.</summary>
    private static Func<Activity, bool> IsOf(ProbeHost host)
    {
        int[] ports = [new Uri($"http://{host.Channel.Target}").Port, host.HealthAddress.Port];
        return span => span.GetTagItem("server.port") is not int port || ports.Contains(port);
    }

    private static Dictionary<string, object> Resource(ProbeHost host) =>
        host.Services.GetRequiredService<TracerProvider>().GetResource().Attributes.ToDictionary(pair => pair.Key, pair => pair.Value);
}
