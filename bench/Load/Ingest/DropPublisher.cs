using RabbitMQ.Client;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>Drops documents as a careful program does: persistent, confirmed by the broker, so many unconfirmed at most.</summary>
internal sealed class DropPublisher(Uri broker) : IAsyncDisposable
{
    private const string Queue = "rag.documents";
    private const int MaxOutstanding = 128;

    private IConnection? connection;
    private IChannel? channel;

    /// <summary>The queue must hold nothing of a former run: it would be ingested, too.</summary>
    public async Task OpenAsync()
    {
        connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        channel = await connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(MaxOutstanding)));
        var queue = await channel.QueueDeclarePassiveAsync(Queue);
        if (queue.MessageCount > 0 || queue.ConsumerCount != 1)
        {
            throw new InvalidOperationException(
                $"{Queue} has {queue.MessageCount} messages and {queue.ConsumerCount} consumers; a broker of this run's own has 0 and 1. Start one on an empty folder.");
        }
    }

    /// <returns>How many were dropped.</returns>
    public async Task<int> DropAsync(IAsyncEnumerable<byte[]> bodies)
    {
        var outstanding = new Queue<Task>();
        var dropped = 0;
        await foreach (var body in bodies)
        {
            if (outstanding.Count == MaxOutstanding)
            {
                await outstanding.Dequeue();
            }

            outstanding.Enqueue(channel!.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, body).AsTask());
            dropped++;
        }

        await Task.WhenAll(outstanding);
        return dropped;
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null)
        {
            await channel.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }
}
