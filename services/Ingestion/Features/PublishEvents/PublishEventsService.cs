using RabbitMQ.Client;
using RagPlatform.Ingestion.PublicQueue;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.PublishEvents;

/// <summary>Relays results from the registry's log to the event exchange: in order, at least once, also those of a time without a broker.</summary>
public sealed class PublishEventsService(
    PublicBroker broker, DocumentLog log, DocumentChanges changes, TimeProvider time, ILogger<PublishEventsService> logger)
    : ReconnectingService(broker, "events", time, logger)
{
    private const int BatchEvents = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private readonly TimeProvider _time = time;

    protected override async Task WorkAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await PublicBroker.OpenConfirmedChannelAsync(connection, cancellationToken);
        await EventChannel.DeclareAsync(channel, cancellationToken);
        using var subscription = changes.SubscribeToAll();
        while (connection.IsOpen)
        {
            var events = log.ReadUnpublished(BatchEvents);
            foreach (var entry in events)
            {
                await EventChannel.PublishAsync(channel, DocumentEventMessage.From(entry), entry.TraceParent, cancellationToken);
            }

            if (events.Count > 0)
            {
                await log.MarkPublishedAsync(events, cancellationToken);
            }

            if (events.Count < BatchEvents)
            {
                await subscription.WaitAsync(PollInterval, _time, cancellationToken);
            }
        }
    }
}
