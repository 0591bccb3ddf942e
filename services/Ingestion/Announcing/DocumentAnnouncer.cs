using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Announcing;

/// <summary>Announces a durable version on the bus, within a time limit. What cannot be announced now is left to the resumer.</summary>
public sealed partial class DocumentAnnouncer(
    IDocumentPublisher publisher, UnfinishedVersions unfinished, IOptions<IngestionOptions> options, TimeProvider time, ILogger<DocumentAnnouncer> logger)
{
    /// <summary>False when the bus did not take it in time; never throws for that.</summary>
    public async Task<bool> TryAnnounceAsync(DocumentVersion version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.PublishTimeoutSeconds), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await PublishAsync(version, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotAnnounced(logger, exception, version.Key.ToString(), version.Version);
            return false;
        }

        await unfinished.MarkAnnouncedAsync(version, cancellationToken);
        return true;
    }

    private Task PublishAsync(DocumentVersion version, CancellationToken cancellationToken) =>
        version.State is DocumentState.Deleting
            ? publisher.PublishAsync(new DocumentDeletionRequested(version.Key, version.Version), cancellationToken)
            : publisher.PublishAsync(new DocumentReceived(version.Key, version.Version), cancellationToken);

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Document} version {Version} is stored, but the bus did not take its announcement; it is announced again soon")]
    private static partial void LogNotAnnounced(ILogger logger, Exception exception, string document, long version);
}
