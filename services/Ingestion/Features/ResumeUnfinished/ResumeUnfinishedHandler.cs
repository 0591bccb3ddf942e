using System.Diagnostics;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.ProcessDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ResumeUnfinished;

/// <summary>Announces again what may have been lost on its way: after a restart everything unfinished, later what stands still.</summary>
public sealed partial class ResumeUnfinishedHandler(
    UnfinishedVersions unfinished, DocumentAnnouncer announcer, DocumentsInFlight inFlight, ILogger<ResumeUnfinishedHandler> logger)
{
    /// <summary>One bounded round.</summary>
    public async Task<ResumeRound> ResumeAsync(CancellationToken cancellationToken)
    {
        var announced = 0;
        var isCutShort = false;
        foreach (var (version, isStalled) in unfinished.Find())
        {
            // What this process sent for it has not come back: its place is free, for the new attempt or, when this
            // was the last, for others and for the same document put again.
            inFlight.Leave(version.Key, version.Version);
            if (isStalled && !await unfinished.TryAgainAsync(version, cancellationToken))
            {
                continue;
            }

            using var span = StartSpan(version);
            if (!await announcer.TryAnnounceAsync(version, cancellationToken))
            {
                isCutShort = true;
                break;
            }

            announced++;
        }

        if (announced > 0)
        {
            LogResumed(logger, announced);
        }

        return new ResumeRound(announced, isCutShort);
    }

    /// <summary>Part of the trace that brought the document, so that its way stays one trace.</summary>
    private static Activity? StartSpan(DocumentVersion version)
    {
        var isTraced = ActivityContext.TryParse(version.TraceParent, null, isRemote: true, out var parent);
        return IngestionTelemetry.Source.StartActivity("resume", ActivityKind.Internal, isTraced ? parent : default)
            ?.SetTag("rag.collection", version.Key.Collection)
            .SetTag("rag.document.id", version.Key.DocumentId)
            .SetTag("rag.document.version", version.Version)
            .SetTag("rag.document.state", version.State.Name());
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Announced {Count} unfinished documents again")]
    private static partial void LogResumed(ILogger logger, int count);
}

/// <param name="Announced">Versions that the bus took.</param>
/// <param name="IsCutShort">The bus did not take one; the rest was not tried.</param>
public sealed record ResumeRound(int Announced, bool IsCutShort);
