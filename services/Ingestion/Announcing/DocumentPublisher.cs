using MassTransit;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Ingestion.Announcing;

/// <summary>Publishes on the bus once it is up: an in-process bus drops what comes before its consumers are there.</summary>
public sealed class DocumentPublisher(IBusControl bus) : IDocumentPublisher
{
    public Task PublishAsync(DocumentReceived message, CancellationToken cancellationToken) => PublishAsync<DocumentReceived>(message, cancellationToken);

    public Task PublishAsync(DocumentDeletionRequested message, CancellationToken cancellationToken) => PublishAsync<DocumentDeletionRequested>(message, cancellationToken);

    private async Task PublishAsync<T>(T message, CancellationToken cancellationToken)
        where T : class
    {
        if (bus.CheckHealth().Status is not BusHealthStatus.Healthy)
        {
            await bus.WaitForHealthStatus(BusHealthStatus.Healthy, cancellationToken);
        }

        await bus.Publish(message, cancellationToken);
    }
}
