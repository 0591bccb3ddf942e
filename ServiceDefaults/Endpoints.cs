using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RagPlatform.ServiceDefaults;

/// <summary>
/// Where a host listens. Without TLS, HTTP/2 and HTTP/1.1 cannot share a port: GRPC_PORT speaks HTTP/2 (gRPC),
/// HEALTH_PORT HTTP/1.1 (probes). Port 0 takes any free one. BIND_ADDRESS is loopback unless set (0.0.0.0 in a container).
/// </summary>
internal static class Endpoints
{
    public static void AddEndpoints(this WebApplicationBuilder builder)
    {
        var address = IPAddress.TryParse(builder.Configuration["BIND_ADDRESS"] ?? "127.0.0.1", out var parsed)
            ? parsed
            : throw new InvalidOperationException($"BIND_ADDRESS: '{builder.Configuration["BIND_ADDRESS"]}' is no IP address. Use 127.0.0.1, or 0.0.0.0 for every interface.");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, Port("GRPC_PORT", builder.Configuration["GRPC_PORT"]), listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(address, Port("HEALTH_PORT", builder.Configuration["HEALTH_PORT"]), listen => listen.Protocols = HttpProtocols.Http1);
        });
    }

    private static int Port(string key, string? value)
    {
        value ??= "0";
        return int.TryParse(value, out var port) && port is >= 0 and <= 65535
            ? port
            : throw new InvalidOperationException($"{key}: '{value}' is no port. Use 0 (any free one) to 65535.");
    }
}
