using System.Collections.Concurrent;
using System.Threading.Channels;
using RagPlatform.AppHost.Local.Dcp;
using RagPlatform.Provisioning;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>DCP's one stream of changes, shared out by executable.</summary>
internal sealed class ExecutableEvents(DcpClient dcp)
{
    private const int MaxLostConnections = 10;
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, Channel<ExecutableStatus>> readers = new(StringComparer.Ordinal);

    /// <summary>The statuses of an executable from now on; only the latest few are kept, the last one always.</summary>
    public ChannelReader<ExecutableStatus> Subscribe(string name) =>
        readers.GetOrAdd(name, _ => Channel.CreateBounded<ExecutableStatus>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest })).Reader;

    public void Unsubscribe(string name) => readers.TryRemove(name, out _);

    /// <summary>Passes changes on until cancelled. After a lost connection DCP tells everything again.</summary>
    /// <exception cref="ProvisioningException">DCP is gone.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var lost = 0; lost < MaxLostConnections; lost++)
        {
            try
            {
                await foreach (var change in dcp.WatchExecutablesAsync(cancellationToken))
                {
                    lost = 0;
                    if (change.Object.Status is { } status && readers.TryGetValue(change.Object.Metadata.Name, out var reader))
                    {
                        reader.Writer.TryWrite(status);
                    }
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                // Asked again below.
            }

            await Task.Delay(ReconnectDelay, cancellationToken);
        }

        throw new ProvisioningException("DCP, which runs the services, has ended: everything is stopped. Start again.");
    }
}
