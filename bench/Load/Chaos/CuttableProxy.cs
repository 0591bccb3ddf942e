using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>The address of the broker for everybody, wherever the broker is by now; cuts every connection when told to.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> open = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;
    private volatile bool isRefusing;

    public CuttableProxy()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Where connections go from now on.</summary>
    public int Target { get; set; }

    /// <summary>Ends every connection at once, and takes no new one for a while.</summary>
    public async Task CutAsync(TimeSpan refusing)
    {
        isRefusing = true;
        CloseAll();
        await Task.Delay(refusing);
        isRefusing = false;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        CloseAll();
        await accepting;
        stopping.Dispose();
    }

    private void CloseAll()
    {
        foreach (var client in open.Keys)
        {
            client.Close();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                _ = RelayAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task RelayAsync(TcpClient caller)
    {
        using var broker = new TcpClient();
        using (caller)
        {
            try
            {
                if (isRefusing)
                {
                    return;
                }

                await broker.ConnectAsync(IPAddress.Loopback, Target, stopping.Token);
                open[caller] = open[broker] = true;
                var (near, far) = (caller.GetStream(), broker.GetStream());
                await Task.WhenAny(near.CopyToAsync(far, stopping.Token), far.CopyToAsync(near, stopping.Token));
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // Cut, or the broker is away.
            }
            finally
            {
                open.TryRemove(caller, out _);
                open.TryRemove(broker, out _);
            }
        }
    }
}
