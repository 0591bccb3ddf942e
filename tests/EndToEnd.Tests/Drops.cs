using System.Text.Json;
using RabbitMQ.Client;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>Publishes on the public drop queue, as any AMQP client does.</summary>
internal static class Drops
{
    /// <summary>All manuals in one burst: far faster than they can be indexed. Returns once the broker has confirmed each.</summary>
    public static async Task PublishManualsAsync(string broker, string collection, int documents)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var properties = new BasicProperties { ContentType = "application/json", Persistent = true };
        var confirmed = Enumerable.Range(0, documents).Select(number =>
            channel.BasicPublishAsync(
                "",
                "rag.documents",
                mandatory: true,
                properties,
                JsonSerializer.SerializeToUtf8Bytes(new { id = Manuals.Id(number), collection, contentType = "text/markdown", text = Manuals.Text(number) })).AsTask());
        await Task.WhenAll(confirmed);
    }
}
