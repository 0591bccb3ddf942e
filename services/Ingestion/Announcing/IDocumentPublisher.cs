using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Ingestion.Announcing;

/// <summary>Tells the other services of a version. Returns when the bus has taken the message.</summary>
public interface IDocumentPublisher
{
    Task PublishAsync(ChunksPrepared message, CancellationToken cancellationToken);

    Task PublishAsync(DocumentDeletionRequested message, CancellationToken cancellationToken);
}
