using System.Diagnostics;
using RabbitMQ.Client;
using RagPlatform.Ingestion.Features.PublishEvents;
using RagPlatform.Ingestion.PublicQueue;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>Sets aside a drop that belongs to no document: as it came, with the reason in its headers, and told on the event exchange.</summary>
public sealed class DropDeadLetters(TimeProvider time)
{
    /// <summary>They spoke to the broker about the first delivery: how often it was tried, and which queues get a copy.</summary>
    private static readonly string[] HeadersOfTheFirstDelivery = ["x-delivery-count", "CC", "BCC"];

    /// <summary>A channel to set drops aside on; its owner closes it.</summary>
    public async Task<IChannel> OpenAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var channel = await PublicBroker.OpenConfirmedChannelAsync(connection, cancellationToken);
        try
        {
            await PublicBroker.DeclareQueueAsync(channel, PublicBroker.ErrorQueue, cancellationToken);
            await EventChannel.DeclareAsync(channel, cancellationToken);
            return channel;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the broker holds it.</summary>
    public async Task SetAsideAsync(
        IChannel channel, IReadOnlyBasicProperties delivered, ReadOnlyMemory<byte> body, DropRejectedException rejection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(delivered);
        ArgumentNullException.ThrowIfNull(rejection);
        var failure = rejection.ToFailure().Bounded();
        var properties = new BasicProperties(delivered) { DeliveryMode = DeliveryModes.Persistent };
        properties.Headers = new Dictionary<string, object?>(delivered.Headers ?? new Dictionary<string, object?>())
        {
            ["rag-reason"] = failure.Reason,
            ["rag-field"] = rejection.Field,
            ["rag-code"] = failure.Code,
            ["rag-remedy"] = failure.Remedy,
        };
        foreach (var header in HeadersOfTheFirstDelivery)
        {
            properties.Headers.Remove(header);
        }

        // What is set aside stays until somebody takes it; and the broker refuses a user id that is not this connection's.
        properties.ClearExpiration();
        properties.ClearUserId();
        await channel.BasicPublishAsync("", PublicBroker.ErrorQueue, mandatory: true, properties, body, cancellationToken);
        await EventChannel.PublishAsync(
            channel, DocumentEventMessage.From(rejection, time.GetUtcNow(), Activity.Current?.TraceId.ToString()), Activity.Current?.Id, cancellationToken);
    }
}
