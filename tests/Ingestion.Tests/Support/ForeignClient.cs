using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>An AMQP client that knows nothing of us but the names in the contract.</summary>
internal sealed class ForeignClient : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private ForeignClient(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    /// <summary>Bodies of rag.events in their order, with their traceparent.</summary>
    public ConcurrentQueue<(JsonElement Body, string? TraceParent)> Events { get; } = new();

    public static async Task<ForeignClient> ConnectAsync(Uri broker)
    {
        var connection = await new ConnectionFactory { Uri = broker, MaxInboundMessageBodySize = 512 * 1024 * 1024 }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var client = new ForeignClient(connection, channel);
        await channel.ExchangeDeclareAsync("rag.events", ExchangeType.Topic, durable: true);
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, "rag.events", "document.*");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            client.Events.Enqueue((JsonDocument.Parse(delivery.Body.ToArray()).RootElement, Header(delivery.BasicProperties, "traceparent")));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return client;
    }

    public Task DeclareDropQueueAsync() =>
        _channel.QueueDeclareAsync("rag.documents", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });

    public async Task DropAsync(string json, params (string Name, object Value)[] headers) => await DropAsync(Encoding.UTF8.GetBytes(json), headers);

    public async Task DropAsync(byte[] body, params (string Name, object Value)[] headers) =>
        await _channel.BasicPublishAsync(
            "", "rag.documents", mandatory: true,
            new BasicProperties { Persistent = true, Expiration = "3600000", Headers = headers.ToDictionary(header => header.Name, object? (header) => header.Value) }, body);

    public Task WaitForEventsAsync(int count) =>
        TestTimeout.EventuallyAsync(() => Task.FromResult(Events.Count >= count), $"{count} events", TimeSpan.FromSeconds(60));

    /// <summary>The next message that was set aside, with the reason in its headers.</summary>
    public async Task<(byte[] Body, Func<string, string?> Header, string? Expiration)> TakeErrorAsync()
    {
        BasicGetResult? result = null;
        await TestTimeout.EventuallyAsync(
            async () => (result = await _channel.BasicGetAsync("rag.documents_error", autoAck: true)) is not null, "a message on rag.documents_error");
        var properties = result!.BasicProperties;
        return (result.Body.ToArray(), name => Header(properties, name), properties.Expiration);
    }

    public Task DeleteErrorQueueAsync() => _channel.QueueDeleteAsync("rag.documents_error");

    public Task<uint> CountAsync(string queue) => _channel.MessageCountAsync(queue);

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static string? Header(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?.TryGetValue(name, out var value) == true && value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null;
}
