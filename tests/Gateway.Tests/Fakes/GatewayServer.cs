using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Gateway.Tests.Fakes;

/// <summary>The real gateway on a loopback port, with fake services behind it on another.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    public const string KeyOfA = "key-of-tenant-a-0001";
    public const string KeyOfB = "key-of-tenant-b-0002";

    private readonly TestServer _behind;
    private readonly TestServer _gateway;

    private GatewayServer(FakeServices fakes, FakeFineTune fineTune, TestServer behind, TestServer gateway)
    {
        (Fakes, FineTune) = (fakes, fineTune);
        _behind = behind;
        _gateway = gateway;
        Client = new GatewayService.GatewayServiceClient(gateway.Channel);
    }

    public FakeServices Fakes { get; }

    public FakeFineTune FineTune { get; }

    public GatewayService.GatewayServiceClient Client { get; }

    public CallInvoker Invoker => _gateway.Channel.CreateCallInvoker();

    public IServiceProvider Services => _gateway.Services;

    /// <summary>Where the fake services listen.</summary>
    public Uri Behind => _behind.Address;

    /// <param name="settings">Configuration on top of two keys: KeyOfA for the tenant "a", KeyOfB (by hash) for "b".</param>
    public static async Task<GatewayServer> StartAsync(params (string Key, string? Value)[] settings)
    {
        var fakes = new FakeServices();
        // Field 1001 holds "answer".
        var fineTune = new FakeFineTune { Answer = [0xCA, 0x3E, 6, .. "answer"u8] };
        var behind = await TestServer.StartAsync(
            builder => builder.Services.AddSingleton(fakes),
            app =>
            {
                app.MapGrpcService<FakeIngestion>();
                app.MapGrpcService<FakeSources>();
                app.MapGrpcService<FakeRetrieval>();
                app.MapGrpcService<FakeGeneration>();
                app.MapGrpcService<FakeEmbedding>();
                fineTune.Map(app);
            });
        try
        {
            var gateway = await TestServer.StartAsync(
                builder =>
                {
                    builder.Configuration.AddInMemoryCollection(Settings(behind.Address));
                    builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
                    builder.AddGateway();
                },
                app => app.MapGateway());
            return new GatewayServer(fakes, fineTune, behind, gateway);
        }
        catch
        {
            await behind.DisposeAsync();
            throw;
        }
    }

    /// <summary>The header that carries a key; tenant a's by default.</summary>
    public static Metadata Key(string key = KeyOfA) => new() { { "authorization", $"Bearer {key}" } };

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _behind.DisposeAsync();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(Uri behind) =>
    [
        new("Gateway:ApiKeys:0:Key", KeyOfA),
        new("Gateway:ApiKeys:0:Tenant", "a"),
        new("Gateway:ApiKeys:1:KeySha256", Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(KeyOfB)))),
        new("Gateway:ApiKeys:1:Tenant", "b"),
        .. new[] { "ingestion", "embedding", "retrieval", "generation", "finetune-jobs" }.Select(name => KeyValuePair.Create($"services:{name}:http:0", (string?)behind.ToString())),
    ];
}
