using System.Runtime.CompilerServices;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.WatchDocument;

/// <summary>A document's history, then what happens to it, until its latest version is at rest.</summary>
public sealed class WatchDocumentHandler(DocumentCatalog catalog, DocumentLog log, DocumentChanges changes, TimeProvider time)
{
    /// <summary>Changes made by this process are signalled; this is for those that are not.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <exception cref="Grpc.Errors.ServiceException">NotFound, or InvalidArgument.</exception>
    public async IAsyncEnumerable<DocumentEvent> WatchAsync(
        string tenant, string collection, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = GetDocumentHandler.Key(tenant, collection, id);
        using var subscription = changes.Subscribe(key);
        long last = 0;
        while (true)
        {
            // The state is read before the log: what brings a document to rest is then in the log that follows.
            var document = catalog.Find(key) ?? throw IngestionErrors.DocumentNotFound(collection, id);
            var events = last == 0 ? log.ReadLatest(key, GetDocumentHandler.MaxEvents) : log.ReadAfter(key, last, GetDocumentHandler.MaxEvents);
            foreach (var entry in events)
            {
                yield return entry;
                last = entry.Sequence;
            }

            if (events.Count == GetDocumentHandler.MaxEvents)
            {
                // There may be more, also of a document at rest: a slow reader falls behind.
                continue;
            }

            if (document.State.IsAtRest())
            {
                yield break;
            }

            await subscription.WaitAsync(PollInterval, time, cancellationToken);
        }
    }
}
