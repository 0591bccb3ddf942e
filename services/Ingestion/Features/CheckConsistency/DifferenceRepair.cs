using RagPlatform.Contracts;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.CheckConsistency;

/// <summary>Mends a confirmed difference through the same steps that documents take anyway, so that a crash in between is harmless.</summary>
public sealed partial class DifferenceRepair(VersionOutcome outcome, DocumentWriter writer, DocumentAnnouncer announcer, ILogger<DifferenceRepair> logger)
{
    /// <returns>False when somebody else changed the document meanwhile.</returns>
    public async Task<bool> TryAsync(DocumentKey key, Difference difference, DocumentStanding? registry, IndexStanding? index, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(difference);
        LogMended(logger, difference.Kind, key, difference.Detail);
        var announced = difference.Kind switch
        {
            DifferenceKind.Unreported => null,
            DifferenceKind.Orphan => await writer.RetireAsync(key, registry?.LatestVersion ?? 0, difference.IndexVersion, cancellationToken),
            DifferenceKind.Ahead => await writer.LiftAsync(key, difference.RegistryVersion, difference.IndexVersion, cancellationToken),
            _ => await outcome.RecordLostAsync(key, difference.RegistryVersion, difference.Detail, cancellationToken),
        };
        if (difference.Kind is DifferenceKind.Unreported)
        {
            return await outcome.RecordIndexedAsync(key, difference.IndexVersion, index!.HeldChunkCount, cancellationToken) is not null;
        }

        if (announced is not null)
        {
            await announcer.TryAnnounceAsync(announced, cancellationToken);
        }

        return announced is not null;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Kind}: {Document} is mended: {Detail}")]
    private static partial void LogMended(ILogger logger, DifferenceKind kind, DocumentKey document, string detail);
}
