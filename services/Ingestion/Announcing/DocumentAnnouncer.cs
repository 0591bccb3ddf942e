using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;

namespace RagPlatform.Ingestion.Announcing;

/// <summary>
/// Tells of a durable version at once: the scheduler of content, the bus of a deletion, within a time limit. A deletion that
/// cannot be announced now is left to the resumer.
/// </summary>
public sealed partial class DocumentAnnouncer(
    IDocumentPublisher publisher, UnfinishedDeletions unfinished, WorkInHand work, IOptions<IngestionOptions> options, TimeProvider time, ILogger<DocumentAnnouncer> logger)
{
    /// <summary>False when the bus did not take it in time; never throws for that.</summary>
    public Task<bool> TryAnnounceAsync(DocumentVersion version, CancellationToken cancellationToken) => TryAnnounceAsync([version], cancellationToken);

    /// <summary>The same for several: false when the bus did not take all of them in time; those that it took may be announced again.</summary>
    public async Task<bool> TryAnnounceAsync(IReadOnlyList<DocumentVersion> versions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(versions);
        foreach (var version in versions)
        {
            work.Supersede(version.Key, version.Version);
        }

        work.Room.Set();
        var deletions = versions.Where(version => version.State is DocumentState.Deleting).ToList();
        return deletions.Count == 0 || await TryPublishAsync(deletions, cancellationToken);
    }

    private async Task<bool> TryPublishAsync(List<DocumentVersion> deletions, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.PublishTimeoutSeconds), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await Task.WhenAll(deletions.Select(deletion => publisher.PublishAsync(new DocumentDeletionRequested(deletion.Key, deletion.Version), limit.Token))).WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotAnnounced(logger, exception, deletions[0].Key.ToString(), deletions[0].Version, deletions.Count - 1);
            return false;
        }

        await unfinished.MarkAnnouncedAsync(deletions, cancellationToken);
        return true;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The deletion of {Document}, version {Version}, and {Others} more are stored, but the bus did not take their announcement; they are announced again soon")]
    private static partial void LogNotAnnounced(ILogger logger, Exception exception, string document, long version, int others);
}
