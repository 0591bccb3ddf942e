using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RagPlatform.Gateway.Tests.Fakes;

/// <summary>A TCP connection to a server that can be cut, as when its process is killed.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _ends = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public Wire(Uri target)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync(target);
    }

    public Uri Address { get; }

    /// <summary>Closes every connection and takes no more.</summary>
    public void Cut()
    {
        _listener.Stop();
        foreach (var end in _ends)
        {
            end.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Uri target)
    {
        while (true)
        {
            var caller = await _listener.AcceptTcpClientAsync(_stop.Token);
            var server = new TcpClient();
            _ends.Add(caller);
            _ends.Add(server);
            await server.ConnectAsync(target.Host, target.Port, _stop.Token);
            _ = caller.GetStream().CopyToAsync(server.GetStream(), _stop.Token);
            _ = server.GetStream().CopyToAsync(caller.GetStream(), _stop.Token);
        }
    }
}
