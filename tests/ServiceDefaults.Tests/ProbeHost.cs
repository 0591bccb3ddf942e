using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.TestKit;

namespace RagPlatform.ServiceDefaults.Tests;

/// <summary>A host with the service defaults, one gRPC service that does what the test says, and the spans that left it.</summary>
internal sealed class ProbeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SpanLog _spans;

    private ProbeHost(WebApplication app, SpanLog spans)
    {
        _app = app;
        _spans = spans;
        // The gRPC port first, as ServiceDefaults listens.
        Channel = GrpcChannel.ForAddress(app.Urls.First());
        HealthAddress = new Uri(app.Urls.Last());
    }

    public GrpcChannel Channel { get; }

    public Uri HealthAddress { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The spans that an exporter would have got, once the host has ended.</summary>
    public IReadOnlyCollection<Activity> Spans => _spans.Ended;

    public static Task<ProbeHost> StartAsync(Func<SearchResponse> search, params (string Key, string? Value)[] settings) =>
        StartAsync(search, builder => builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))));

    public static async Task<ProbeHost> StartAsync(Func<SearchResponse> search, Action<WebApplicationBuilder> configure)
    {
        var spans = new SpanLog();
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        configure(builder);
        builder.AddServiceDefaults("probe");
        builder.Services.AddSingleton(search);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.SetSampler(new AlwaysOnSampler()).AddProcessor(new SimpleActivityExportProcessor(spans)));
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGrpcService<ProbeService>();
        await app.StartAsync().WithTimeout("the host's start");
        return new ProbeHost(app, spans);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync().WithTimeout("the host's stop");
        await _app.DisposeAsync();
    }

    private sealed class ProbeService(Func<SearchResponse> search) : RetrievalService.RetrievalServiceBase
    {
        public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) => Task.FromResult(search());
    }

    private sealed class SpanLog : BaseExporter<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                Ended.Enqueue(span);
            }

            return ExportResult.Success;
        }
    }
}
