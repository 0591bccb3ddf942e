using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace RagPlatform.Ingestion.PublicQueue;

/// <summary>
/// Queues of former releases that nobody reads any more, but that a broker which was there before goes on filling: every
/// chunk with its vector would stay in them for ever.
/// </summary>
internal static class FormerQueues
{
    private static readonly string[] Names = ["ingestion-chunks-embedded", "ingestion-document-received"];

    public static async Task DeleteAsync(IConnection connection, CancellationToken cancellationToken)
    {
        foreach (var name in Names)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                // A process of the former release may still read it; then the next connection looks again.
                if ((await channel.QueueDeclarePassiveAsync(name, cancellationToken)).ConsumerCount == 0)
                {
                    await channel.QueueDeleteAsync(name, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
                }
            }
            catch (OperationInterruptedException)
            {
                // There is none, as it should be.
            }
        }
    }
}
