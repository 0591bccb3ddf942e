using RagPlatform.Contracts;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;

namespace RagPlatform.Ingestion.Features.TrackProgress;

/// <summary>Records what the other services report of a version. A report of what is already known changes nothing.</summary>
public sealed class TrackProgressHandler(VersionProgress progress, VersionOutcome outcome, UnfinishedDeletions deletions, DocumentAnnouncer announcer, WorkInHand work, IngestionTelemetry telemetry)
{
    public async Task EmbeddedAsync(DocumentKey key, long version, int batchIndex, int batchCount, CancellationToken cancellationToken)
    {
        work.Returned(key, version, batchIndex);
        if (await progress.RecordEmbeddedAsync(key, version, batchIndex, batchCount, cancellationToken) is { } embedding)
        {
            telemetry.RecordStage("embed", embedding);
        }
    }

    public async Task IndexedAsync(DocumentKey key, long version, int chunkCount, CancellationToken cancellationToken)
    {
        if (await outcome.RecordIndexedAsync(key, version, chunkCount, cancellationToken) is { } arrival)
        {
            telemetry.RecordStage("index", arrival.Indexing);
            telemetry.RecordTimeToIndex(arrival.Total);
        }

        work.Leave(key, version);
    }

    public async Task UnindexedAsync(DocumentKey key, long version, CancellationToken cancellationToken)
    {
        await outcome.RecordUnindexedAsync(key, version, cancellationToken);
        work.Leave(key, version);
    }

    /// <summary>The index no longer holds what it had reported indexed: the version is prepared again.</summary>
    public async Task LostAsync(DocumentKey key, long version, string reason, CancellationToken cancellationToken)
    {
        if (await outcome.RecordLostAsync(key, version, reason, cancellationToken) is { } lost)
        {
            telemetry.CountLost();
            await announcer.TryAnnounceAsync(lost, cancellationToken);
        }
    }

    /// <summary>A consumer gave up because of something that passes, such as a full disk: the version, or the deletion, is tried again later.</summary>
    public async Task PostponedAsync(DocumentKey key, long version, DocumentState step, string reason, CancellationToken cancellationToken)
    {
        if (progress.HasSentNothing(key, version))
        {
            return;
        }

        if (step is DocumentState.Deleting)
        {
            await deletions.PostponeAsync(key, version, reason, cancellationToken);
        }
        else
        {
            await progress.PostponeSentAsync(key, version, reason, cancellationToken);
        }

        work.Leave(key, version);
    }

    /// <summary>A consumer gave up.</summary>
    /// <param name="step">What it was doing.</param>
    public async Task FailedAsync(DocumentKey key, long version, DocumentState step, string reason, CancellationToken cancellationToken)
    {
        if (progress.HasSentNothing(key, version))
        {
            return;
        }

        await progress.FailAsync(key, version, DocumentFailures.StepFailed(step, reason), cancellationToken);
        work.Leave(key, version);
    }
}
