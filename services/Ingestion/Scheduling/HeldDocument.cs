using System.Diagnostics;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>A document that this process has picked, until searches see it, it came to rest otherwise, or it was put back.</summary>
internal sealed class HeldDocument(WaitingVersion picked, TenantWork tenant)
{
    public WaitingVersion Picked => picked;

    public TenantWork Tenant => tenant;

    /// <summary>It is in a processing slot.</summary>
    public bool IsPreparing { get; set; } = true;

    /// <summary>What it counts for in memory; 0 when its last batch has left.</summary>
    public long Bytes { get; set; }

    /// <summary>Cut, and to be published.</summary>
    public Queue<ChunksPrepared> Unsent { get; set; } = new();

    /// <summary>A higher version was accepted while batches of it were unsent.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Chunks of the batches that were published and whose vectors have not come back; also those of a version that this one follows.</summary>
    public Dictionary<(long Version, int Batch), SentBatch> InFlight { get; init; } = [];

    /// <summary>When a batch of it last left; a timestamp of the clock.</summary>
    public long SentAt { get; set; }

    /// <summary>Of sending its batches.</summary>
    public Activity? Span { get; private set; }

    /// <summary>Without becoming the caller's current one.</summary>
    public void StartSpan(ActivityContext parent)
    {
        var current = Activity.Current;
        Span = IngestionTelemetry.StartSpan("send", picked, parent)?.SetTag("rag.batches", Unsent.Count);
        Activity.Current = current;
    }

    public void EndSpan()
    {
        var current = Activity.Current;
        Span?.Dispose();
        Activity.Current = current;
    }
}

/// <param name="Chunks">In it.</param>
/// <param name="SentAt">A timestamp of the clock.</param>
internal readonly record struct SentBatch(int Chunks, long SentAt);
