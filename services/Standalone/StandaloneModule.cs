using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration.Memory;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Reflection;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Standalone;

/// <summary>What is special about all modules sharing one process: how they reach each other, and what outsiders may reach.</summary>
internal static class StandaloneModule
{
    private static readonly string[] Services = ["ingestion", "embedding", "retrieval", "generation", "finetune-jobs"];

    public static WebApplicationBuilder AddStandalone(this WebApplicationBuilder builder)
    {
        var socket = new InternalSocket();
        builder.Services.AddSingleton(_ => socket);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket.Path, listen => listen.Protocols = HttpProtocols.Http2));
        // First among the sources, so that a setting from outside wins.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Gateway:AllowDevelopmentKey", "true"), new("Embedding:AllowFolders", "true")] });
        builder.Configuration.AddInMemoryCollection(Services.Select(name => KeyValuePair.Create($"services:{name}:http:0", (string?)socket.Address.ToString())));
        return builder;
    }

    /// <summary>Refuses every endpoint but the public ones to callers that did not come through the internal socket.</summary>
    public static WebApplication MapStandalone(this WebApplication app)
    {
        // The container made it, so it deletes the folder when the host ends.
        _ = app.Services.GetRequiredService<InternalSocket>();
        app.Use((context, next) =>
        {
            var cameOverSocket = context.Connection.LocalIpAddress is null;
            if (cameOverSocket || context.GetEndpoint()?.Metadata.GetMetadata<PublicEndpoint>() is not null)
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        return app;
    }

    /// <summary>Outsiders are shown only what they may call.</summary>
    public static WebApplicationBuilder ReflectPublicOnly(this WebApplicationBuilder builder)
    {
        foreach (var service in builder.Services.Where(service => service.ImplementationInstance is ReflectedService reflected && reflected.Descriptor.File.Package != GatewayService.Descriptor.File.Package).ToList())
        {
            builder.Services.Remove(service);
        }

        return builder;
    }
}
