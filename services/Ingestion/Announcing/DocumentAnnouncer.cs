using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Announcing;

/// <summary>Announces a durable version on the bus, within a time limit. What cannot be announced now is left to the resumer.</summary>
public sealed partial class DocumentAnnouncer(
    IDocumentPublisher publisher, UnfinishedVersions unfinished, IOptions<IngestionOptions> options, TimeProvider time, ILogger<DocumentAnnouncer> logger)
{
    /// <summary>False when the bus did not take it in time; never throws for that.</summary>
    public Task<bool> TryAnnounceAsync(DocumentVersion version, CancellationToken cancellationToken) => TryAnnounceAsync([version], cancellationToken);

    /// <summary>The same for several: false when the bus did not take all of them in time; those that it took may be announced again.</summary>
    public async Task<bool> TryAnnounceAsync(IReadOnlyList<DocumentVersion> versions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(versions);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.PublishTimeoutSeconds), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await Task.WhenAll(versions.Select(version => PublishAsync(version, limit.Token))).WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotAnnounced(logger, exception, versions[0].Key.ToString(), versions[0].Version, versions.Count - 1);
            return false;
        }

        await unfinished.MarkAnnouncedAsync(versions, cancellationToken);
        return true;
    }

    private Task PublishAsync(DocumentVersion version, CancellationToken cancellationToken) =>
        version.State is DocumentState.Deleting
            ? publisher.PublishAsync(new DocumentDeletionRequested(version.Key, version.Version), cancellationToken)
            : publisher.PublishAsync(new DocumentReceived(version.Key, version.Version), cancellationToken);

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Document} version {Version} and {Others} more are stored, but the bus did not take their announcement; they are announced again soon")]
    private static partial void LogNotAnnounced(ILogger logger, Exception exception, string document, long version, int others);
}
