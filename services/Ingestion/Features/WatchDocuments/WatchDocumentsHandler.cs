using System.Runtime.CompilerServices;
using RagPlatform.Ingestion.Features.ListDocuments;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.WatchDocuments;

/// <param name="Sequence">Everything up to it has been told: where a watch that broke off goes on.</param>
/// <param name="Change">Null where only the place is told.</param>
public sealed record WatchedChange(long Sequence, DocumentEvent? Change);

/// <summary>Changes of a tenant's documents as they happen, read from the log at the pace of the caller: nothing of it is held.</summary>
public sealed class WatchDocumentsHandler(DocumentLog log, DocumentChanges changes, TimeProvider time)
{
    private const int PageChanges = 200;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>At the log's end, between two looks at it: what happens within is told together.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Who comes again after a break need not read again what was none of theirs.</summary>
    private static readonly TimeSpan PlaceInterval = TimeSpan.FromSeconds(5);

    /// <param name="filter">Which; its state is the one that documents change to.</param>
    /// <param name="afterSequence">Of a former watch; from now on when null.</param>
    /// <param name="cancellationToken">Ends it; nothing else does.</param>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument.</exception>
    public async IAsyncEnumerable<WatchedChange> WatchAsync(CatalogFilter filter, long? afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListDocumentsHandler.CheckFilter(filter);
        if (afterSequence < 0)
        {
            throw IngestionErrors.Invalid("after_sequence", $"{afterSequence} is below 0.", "Pass the sequence of a former response, or leave it out.");
        }

        using var subscription = changes.SubscribeToAll();
        var place = afterSequence ?? log.Newest();
        var (told, toldAt) = (place, time.GetTimestamp());
        yield return new WatchedChange(place, null);
        while (true)
        {
            var page = log.ReadAfter(filter, place, PageChanges);
            foreach (var change in page.Changes)
            {
                yield return new WatchedChange(change.Sequence, change);
                (told, toldAt) = (change.Sequence, time.GetTimestamp());
            }

            place = page.Sequence;
            if (page.IsAtEnd)
            {
                if (place > told && time.GetElapsedTime(toldAt) >= PlaceInterval)
                {
                    yield return new WatchedChange(place, null);
                    (told, toldAt) = (place, time.GetTimestamp());
                }

                await Task.Delay(ShortestInterval, time, cancellationToken);
                await subscription.WaitAsync(PollInterval, time, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
