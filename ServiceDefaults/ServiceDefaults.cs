using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using RagPlatform.Grpc;

namespace RagPlatform.ServiceDefaults;

/// <summary>What every host needs, composed of the files beside this one.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Calls that are still open, such as watches, end with it; below what "rag down" waits before it kills.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(10);

    /// <param name="builder">The host.</param>
    /// <param name="serviceName">The name in traces and logs, unless OTEL_SERVICE_NAME says otherwise.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.AddEndpoints();
        builder.AddTelemetry(serviceName);
        builder.AddHealth();
        builder.Services.AddGrpcServer();
        return builder;
    }

    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.MapGrpcServer();
        app.MapHealth();
        return app;
    }
}
