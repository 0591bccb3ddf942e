using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RagPlatform.Grpc;

namespace RagPlatform.TestKit;

/// <summary>A real gRPC server in this process, on a free loopback port, with the error table every host of ours has.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestServer(WebApplication app)
    {
        this.app = app;
        Address = new Uri(app.Urls.Single(url => url.StartsWith("http://127", StringComparison.Ordinal)));
        Channel = GrpcChannel.ForAddress(Address);
    }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="configure">Registers what the test needs: a module, fakes, settings.</param>
    /// <param name="map">Maps gRPC services.</param>
    public static async Task<TestServer> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpcServer();
        configure(builder);
        var built = builder.Build();
        built.MapGrpcServer();
        map(built);
        await built.StartAsync().WithTimeout("the test server's start");
        return new TestServer(built);
    }

    /// <summary>A server with one fake service behind it, for a module under test to call.</summary>
    public static Task<TestServer> StartAsync<TService>(TService fake)
        where TService : class =>
        StartAsync(builder => builder.Services.AddSingleton(fake), app => app.MapGrpcService<TService>());

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await app.StopAsync().WithTimeout("the test server's stop");
        await app.DisposeAsync();
    }
}
