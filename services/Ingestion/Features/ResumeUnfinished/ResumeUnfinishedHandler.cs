using System.Diagnostics;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;

namespace RagPlatform.Ingestion.Features.ResumeUnfinished;

/// <summary>Moves what would stand still for ever: deletions whose announcement may be lost, versions put off until now, and those that stalled.</summary>
public sealed partial class ResumeUnfinishedHandler(
    UnfinishedDeletions deletions, VersionQueue queue, DocumentAnnouncer announcer, WorkInHand work, IOptions<IngestionOptions> options, ILogger<ResumeUnfinishedHandler> logger)
{
    /// <summary>One bounded round.</summary>
    public async Task<ResumeRound> ResumeAsync(CancellationToken cancellationToken)
    {
        var due = await queue.PutBackPostponedAsync(cancellationToken);
        var stalled = await PutBackStalledAsync(cancellationToken);
        work.ForgetStopped();
        if (due + stalled > 0)
        {
            LogPutBack(logger, due, stalled);
            work.Room.Set();
        }

        var (announced, isCutShort) = await AnnounceDeletionsAsync(cancellationToken);
        if (announced > 0)
        {
            LogAnnounced(logger, announced);
        }

        return new ResumeRound(due + stalled, announced, isCutShort, announced == options.Value.ResumeBatch);
    }

    private async Task<int> PutBackStalledAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var version in queue.FindStalled(work.Counts.Documents))
        {
            var standstill = work.Judge(version.Key, version.Version);
            if (standstill is not Standstill.UnderWay)
            {
                using var span = StartSpan(version);
                count += await queue.TryAgainAsync(version, isCounted: standstill is Standstill.Stalled, cancellationToken) ? 1 : 0;
                work.Leave(version.Key, version.Version);
            }
        }

        return count;
    }

    private async Task<(int Announced, bool IsCutShort)> AnnounceDeletionsAsync(CancellationToken cancellationToken)
    {
        var announced = 0;
        foreach (var (deletion, isStalled) in deletions.Find())
        {
            if (isStalled && !await deletions.TryAgainAsync(deletion, cancellationToken))
            {
                continue;
            }

            using var span = StartSpan(deletion);
            if (!await announcer.TryAnnounceAsync(deletion, cancellationToken))
            {
                return (announced, true);
            }

            announced++;
        }

        return (announced, false);
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

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Announced {Count} unfinished deletions again")]
    private static partial void LogAnnounced(ILogger logger, int count);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Due} documents that were put off and {Stalled} that stalled wait again")]
    private static partial void LogPutBack(ILogger logger, int due, int stalled);
}

/// <param name="PutBack">Versions that wait again.</param>
/// <param name="Announced">Deletions that the bus took.</param>
/// <param name="IsCutShort">The bus did not take one; the rest was not tried.</param>
/// <param name="HasMore">Deletions may be left.</param>
public sealed record ResumeRound(int PutBack, int Announced, bool IsCutShort, bool HasMore);
