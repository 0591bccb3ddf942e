using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace RagPlatform.ServiceDefaults;

/// <summary>
/// Traces, metrics and logs over OTLP, when OTEL_EXPORTER_OTLP_ENDPOINT names a receiver; without one spans only carry the
/// trace's id on, and record nothing that nobody would read. The runtime, gRPC and
/// MassTransit emit spans by themselves and carry the trace across each hop. RabbitMQ.Client's own source is left out:
/// its "deliver" spans begin a trace of their own for every message, and its "publish" spans repeat MassTransit's.
/// </summary>
internal static class Telemetry
{
    private static readonly string[] Sources =
        ["RagPlatform.*", "Microsoft.AspNetCore", "System.Net.Http", "Grpc.Net.Client", "MassTransit", "Experimental.Microsoft.Extensions.AI"];

    private static readonly string[] Meters =
        ["RagPlatform.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "MassTransit"];

    /// <summary>In seconds: from one stage of a search to a document that waits for its model. OpenTelemetry's own begin at 5.</summary>
    private static readonly ExplicitBucketHistogramConfiguration Durations =
        new() { Boundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] };

    /// <summary>They tell of every request, probes included, what the spans tell already.</summary>
    private static readonly string[] Chatter = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing", "System.Net.Http.HttpClient"];

    /// <summary>
    /// It calls every probe of a host that is not ready an error. What is unhealthy and why is in the probe's own answer,
    /// and whoever is the cause logs it once.
    /// </summary>
    private const string HealthProbes = "Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService";

    public static void AddTelemetry(this WebApplicationBuilder builder, string serviceName)
    {
        var name = builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } given ? given : serviceName;
        foreach (var category in Chatter)
        {
            builder.Logging.AddFilter(category, LogLevel.Warning);
        }

        builder.Logging.AddFilter(HealthProbes, LogLevel.None);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var hasReceiver = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(name, serviceNamespace: "ragplatform", autoGenerateServiceInstanceId: false,
                serviceInstanceId: $"{name}-{Environment.MachineName}-{Environment.ProcessId}").AddEnvironmentVariableDetector())
            .WithTracing(tracing => tracing.AddSource(Sources).SetSampler(hasReceiver ? new ParentBasedSampler(new AlwaysOnSampler()) : new AlwaysOffSampler())
                .AddProcessor(new SpanNaming()))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddView(instrument => IsOurDuration(instrument) ? Durations : null));
        if (hasReceiver)
        {
            telemetry.UseOtlpExporter();
        }
    }

    private static bool IsOurDuration(Instrument instrument) =>
        instrument.Unit == "s" && instrument.Meter.Name.StartsWith("RagPlatform.", StringComparison.Ordinal);
}
