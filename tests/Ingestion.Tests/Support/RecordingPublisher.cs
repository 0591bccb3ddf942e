using System.Collections.Concurrent;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Announcing;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>A bus that remembers what it was given, and can be down.</summary>
internal sealed class RecordingPublisher : IDocumentPublisher
{
    private int _refused;

    public bool IsDown { get; set; }
    public ConcurrentQueue<ChunksPrepared> Prepared { get; } = new();
    public ConcurrentQueue<DocumentDeletionRequested> Deletions { get; } = new();

    /// <summary>Messages that it did not take.</summary>
    public int Refused => _refused;

    public Task PublishAsync(ChunksPrepared message, CancellationToken cancellationToken) => Take(() => Prepared.Enqueue(message));

    public Task PublishAsync(DocumentDeletionRequested message, CancellationToken cancellationToken) => Take(() => Deletions.Enqueue(message));

    private Task Take(Action record)
    {
        if (IsDown)
        {
            Interlocked.Increment(ref _refused);
            return Task.FromException(new IOException("The bus is down."));
        }

        record();
        return Task.CompletedTask;
    }
}
