using System.Net;
using System.Net.Sockets;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>
/// Opens connections to addresses that may be asked, and to nothing else: the name is resolved once, every answer is
/// checked, and the connection goes to a checked address itself, so that a second answer of the name server is never asked for.
/// </summary>
public sealed class GuardedConnector(WebAddressRules rules, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>For SocketsHttpHandler.ConnectCallback.</summary>
    /// <exception cref="FetchException">One of the host's addresses is refused.</exception>
    /// <exception cref="SocketException">The host is unknown, or none of its addresses answers.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await CheckAsync(host, port, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> CheckAsync(string host, int port, CancellationToken cancellationToken)
    {
        // The resolver refuses some addresses that are written as such by itself, and says less.
        var addresses = IPAddress.TryParse(host, out var written) ? [written] : await resolve(host, cancellationToken);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var isPrivateHost = rules.IsPrivateHost(host, port);
        foreach (var address in addresses)
        {
            if (!AddressRules.IsPublic(address) && !(isPrivateHost && AddressRules.MayBePrivateServer(address)))
            {
                // All are refused with it: a name with public and private addresses wants to be let through.
                throw new FetchException(WebFailure.AddressRefused(host, address.ToString()));
            }
        }

        return addresses;
    }
}
