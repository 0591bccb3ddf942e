using System.Diagnostics;
using RabbitMQ.Client;
using RagPlatform.Ingestion.PublicQueue;

namespace RagPlatform.Ingestion.Features.PublishEvents;

/// <summary>Publishes on the event exchange, as part of the document's trace.</summary>
internal static class EventChannel
{
    public static Task DeclareAsync(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(PublicBroker.EventExchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);

    /// <summary>Returns when the broker has it. Nobody needs to be bound.</summary>
    public static async Task PublishAsync(IChannel channel, DocumentEventMessage message, string? traceParent, CancellationToken cancellationToken)
    {
        var isTraced = ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        using var span = IngestionTelemetry.Source.StartActivity($"{PublicBroker.EventExchange} publish", ActivityKind.Producer, isTraced ? parent : default)
            ?.SetTag("messaging.system", "rabbitmq")
            .SetTag("messaging.operation", "publish")
            .SetTag("messaging.destination.name", PublicBroker.EventExchange)
            .SetTag("messaging.rabbitmq.destination.routing_key", message.Type);
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, Type = message.Type };
        if ((span?.Id ?? traceParent) is { } trace)
        {
            properties.Headers = new Dictionary<string, object?> { ["traceparent"] = trace };
        }

        await channel.BasicPublishAsync(PublicBroker.EventExchange, message.Type, mandatory: false, properties, message.ToJson(), cancellationToken);
    }
}
