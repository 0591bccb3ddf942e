using System.Net;
using System.Net.Sockets;

namespace RagPlatform.Provisioning.Brokers;

/// <summary>Asks a port whether RabbitMQ is there yet.</summary>
internal static class AmqpProbe
{
    private static readonly byte[] ProtocolHeader = [.. "AMQP"u8, 0, 0, 9, 1];
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the port takes a TCP connection within the time.</summary>
    public static async Task<bool> AcceptsConnectionsAsync(string host, int port, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Waits until the loopback port answers AMQP 0-9-1's protocol header with a method frame (specification, section 2.2.4).</summary>
    /// <param name="isAlive">Asked between attempts; when false, waiting ends at once.</param>
    public static async Task<bool> WaitForBrokerAsync(int port, TimeSpan within, Func<bool> isAlive, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            while (isAlive())
            {
                if (await SpeaksAmqpAsync(port, limit.Token))
                {
                    return true;
                }

                await Task.Delay(Interval, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }

        return false;
    }

    private static async Task<bool> SpeaksAmqpAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await client.GetStream().WriteAsync(ProtocolHeader, cancellationToken);
            var frameType = new byte[1];
            return await client.GetStream().ReadAsync(frameType, cancellationToken) == 1 && frameType[0] == 1;
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return false;
        }
    }
}
