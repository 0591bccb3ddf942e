using System.Diagnostics;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Provisioning;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>A private broker that can be killed, and comes back with its queues; reached through a proxy that can be cut.</summary>
internal sealed class ChaosBroker : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rag-chaos-broker-").FullName;
    private BrokerHandle? handle;

    public CuttableProxy Proxy { get; } = new();

    /// <summary>Through the proxy.</summary>
    public Uri Address => new UriBuilder(handle!.ConnectionString) { Port = Proxy.Port }.Uri;

    public async Task StartAsync()
    {
        handle = await Broker.ProvideAsync(new BrokerOptions { DataDirectory = folder }, progress: null, CancellationToken.None);
        Proxy.Target = handle.ConnectionString.Port;
    }

    /// <summary>As kill -9 does, the process that holds the queues.</summary>
    public async Task KillAsync()
    {
        if (new ProcessTable().ListenerOn(Proxy.Target) is { } id)
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            await process.WaitForExitAsync();
        }

        await handle!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (handle is not null)
        {
            await handle.DisposeAsync();
        }

        await Proxy.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
