using MassTransit;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Ingestion.Announcing;

/// <summary>
/// Publishes on the bus once it is up: an in-process bus drops what comes before its consumers are there. When the bus
/// went down later, it says so at once instead of making every caller wait.
/// </summary>
public sealed class DocumentPublisher(IBusControl bus) : IDocumentPublisher
{
    private volatile bool _wasUp;

    public Task PublishAsync(ChunksPrepared message, CancellationToken cancellationToken) => PublishAsync<ChunksPrepared>(message, cancellationToken);

    public Task PublishAsync(DocumentDeletionRequested message, CancellationToken cancellationToken) => PublishAsync<DocumentDeletionRequested>(message, cancellationToken);

    private async Task PublishAsync<T>(T message, CancellationToken cancellationToken)
        where T : class
    {
        if (!_wasUp)
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, cancellationToken);
            _wasUp = true;
        }
        else if (bus.CheckHealth() is { Status: BusHealthStatus.Unhealthy } health)
        {
            throw new IOException($"The bus is down: {health.Description}");
        }

        await bus.Publish(message, cancellationToken);
    }
}
