using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Dashboard;

/// <summary>The resource service on a loopback port of its own, open to who knows the key.</summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    private const string KeyHeader = "x-resource-service-api-key";

    private readonly WebApplication app;

    private ResourceServer(WebApplication app, string key)
    {
        this.app = app;
        Key = key;
    }

    public string Key { get; }

    public string Url => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<ResourceServer> StartAsync(ResourceBoard board, ResourceLogs logs, Supervisors supervisors, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // WatchInteractions sends nothing for hours, which is not an attack.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(board).AddSingleton(logs).AddSingleton(supervisors);
        var host = builder.Build();
        host.Use((context, next) =>
        {
            if (string.Equals(context.Request.Headers[KeyHeader], key, StringComparison.Ordinal))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        host.MapGrpcService<DashboardGrpcService>();
        await host.StartAsync(cancellationToken);
        return new ResourceServer(host, key);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }
}
