using RabbitMQ.Client;
using RagPlatform.ServiceDefaults;

namespace RagPlatform.Ingestion.PublicQueue;

/// <summary>What foreign AMQP clients meet, by name, and connections to the broker that holds it.</summary>
public sealed class PublicBroker(IConfiguration configuration)
{
    public const string DropQueue = "rag.documents";
    public const string ErrorQueue = "rag.documents_error";
    public const string EventExchange = "rag.events";

    /// <summary>Above what any broker is set to pass on, so that a body that is too large is refused with a reason and not by a closed connection.</summary>
    private const uint MaxInboundBytes = 512 * 1024 * 1024;

    /// <summary>Without the client's own recovery: who uses it opens a new one, and declares and subscribes again.</summary>
    /// <param name="purpose">Shown in the broker's management page.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<IConnection> ConnectAsync(string purpose, CancellationToken cancellationToken) =>
        new ConnectionFactory
        {
            Uri = Messaging.BrokerAddress(configuration),
            ClientProvidedName = $"ragplatform ingestion: {purpose}",
            AutomaticRecoveryEnabled = false,
            MaxInboundMessageBodySize = MaxInboundBytes,
        }.CreateConnectionAsync(cancellationToken);

    /// <summary>Publishing on it returns when the broker has the message, on disk where it is persistent; else it throws.</summary>
    public static Task<IChannel> OpenConfirmedChannelAsync(IConnection connection, CancellationToken cancellationToken) =>
        connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);

    /// <summary>Durable, replicated where the broker is a cluster, and without a time to live: nothing in it is lost by waiting.</summary>
    public static Task DeclareQueueAsync(IChannel channel, string queue, CancellationToken cancellationToken) =>
        channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
}
