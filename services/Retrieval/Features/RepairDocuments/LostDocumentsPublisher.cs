using MassTransit;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.RepairDocuments;

/// <summary>Asks for documents that a store lost, at a bounded pace, and again until each has come back or is deleted.</summary>
internal sealed partial class LostDocumentsPublisher(
    Collections collections, VectorStores stores, CatalogueDatabase catalogue, IBus bus, TimeProvider time, ILogger<LostDocumentsPublisher> logger) : BackgroundService
{
    public const int DocumentsAtOnce = 100;
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await collections.WaitUntilLoadedAsync(stoppingToken);
        await stores.WaitUntilAnsweringAsync(RetrievalOptions.EmbeddedStore, stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await TellAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever it is, of the bus or the disk: searches go on without, and those not told of are told later.
                LogNotTold(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One round.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lost = catalogue.Read(LostDocuments.CountAll) == 0
            ? []
            : await catalogue.WriteAsync(session => LostDocuments.Take(session, DocumentsAtOnce, now - AskAgainAfter, now), cancellationToken);
        foreach (var document in lost)
        {
            await bus.Publish(document, cancellationToken);
        }

        if (lost.Count > 0)
        {
            LogTold(logger, lost.Count);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Asked for {Documents} documents to be prepared again that a store has lost")]
    private static partial void LogTold(ILogger logger, int documents);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Documents that a store has lost could not be asked for; it is tried again")]
    private static partial void LogNotTold(ILogger logger, Exception exception);
}
