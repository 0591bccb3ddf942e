using Grpc.Core;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RagPlatform.Grpc.Clients;
using RagPlatform.Grpc.Errors;
using RagPlatform.Grpc.Health;
using RagPlatform.Grpc.Reflection;

namespace RagPlatform.Grpc;

/// <summary>What every gRPC host of ours has: the error table at its edge, health, reflection.</summary>
public static class GrpcServer
{
    /// <summary>Of a request between services whose message does not name its tenant.</summary>
    public const string TenantHeader = "rag-tenant";

    public static IGrpcServerBuilder AddGrpcServer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHealthChecks();
        return services.AddGrpc(options =>
        {
            options.Interceptors.Add<ServerErrorInterceptor>();
            options.MaxReceiveMessageSize = ServiceClients.MaxMessageBytes;
            options.MaxSendMessageSize = ServiceClients.MaxMessageBytes;
        });
    }

    /// <summary>Names a service of this host in reflection and health; call it beside MapGrpcService.</summary>
    public static IServiceCollection AddReflected(this IServiceCollection services, Google.Protobuf.Reflection.ServiceDescriptor descriptor) =>
        services.AddSingleton(new ReflectedService(descriptor));

    public static IEndpointRouteBuilder MapGrpcServer(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<HealthGrpcService>().WithMetadata(new PublicEndpoint());
        endpoints.MapGrpcService<ReflectionGrpcService>().WithMetadata(new PublicEndpoint());
        return endpoints;
    }

    /// <summary>The tenant of a request between services, or a refusal: no call without one reaches a handler.</summary>
    public static string RequireTenant(string tenant) =>
        tenant.Length > 0
            ? tenant
            : throw new ServiceException(FailureKind.PermissionDenied, "TENANT_MISSING", "tenant: it is empty; every request between services names its tenant.")
            {
                Field = "tenant",
                Remedy = "Call through the gateway, which takes the tenant from the API key.",
            };
}
