using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RagPlatform.Grpc;

namespace RagPlatform.ServiceDefaults;

/// <summary>What every host needs, composed of the files beside this one.</summary>
public static class ServiceDefaultsExtensions
{
    /// <param name="builder">The host.</param>
    /// <param name="serviceName">The name in traces and logs, unless OTEL_SERVICE_NAME says otherwise.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
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
