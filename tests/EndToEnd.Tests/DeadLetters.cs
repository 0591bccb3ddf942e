using System.Text;
using RabbitMQ.Client;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>What lies in an error queue, and why.</summary>
internal sealed record DeadLetter(string Reason, string Field)
{
    public static DeadLetter From(IReadOnlyDictionary<string, object?> headers) => new(Text(headers, "rag-reason"), Text(headers, "rag-field"));

    private static string Text(IReadOnlyDictionary<string, object?> headers, string name) =>
        headers.GetValueOrDefault(name) is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "";
}

internal static class DeadLetters
{
    /// <summary>Takes that many messages off the queue, waiting for them.</summary>
    public static async Task<List<DeadLetter>> ReadAsync(string broker, string queue, int count)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var letters = new List<DeadLetter>();
        await TestTimeout.EventuallyAsync(
            async () =>
            {
                while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
                {
                    letters.Add(DeadLetter.From(message.BasicProperties.Headers!.ToDictionary()));
                }

                return letters.Count >= count;
            },
            $"{count} messages in {queue}");
        return letters;
    }
}
