using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;

namespace RagPlatform.Ingestion;

/// <summary>Every span source and instrument of this service.</summary>
public sealed class IngestionTelemetry : IDisposable
{
    public const string Name = "RagPlatform.Ingestion";

    private const int MaxLanes = 1000;

    private readonly Meter _meter;
    private readonly Counter<long> _chunks;
    private readonly Counter<long> _lost;
    private readonly Histogram<double> _stageDuration;
    private readonly Histogram<double> _timeToIndex;

    public IngestionTelemetry(IMeterFactory meters, DocumentCatalog catalog, VersionQueue queue, WorkInHand work)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(work);
        _meter = meters.Create(Name);
        _meter.CreateObservableGauge(
            "rag.ingestion.documents",
            () => catalog.CountByState(tenant: null).Select(entry => new Measurement<long>(entry.Value, new KeyValuePair<string, object?>("state", entry.Key.Name()))),
            "{document}", "Documents in the registry, by state.");
        _meter.CreateObservableGauge(
            "rag.ingestion.queue.age",
            () => queue.Ages().Select(entry => new Measurement<double>(entry.Value.TotalSeconds, new KeyValuePair<string, object?>("state", entry.Key.Name()))),
            "s", "How long the oldest version of the queue has waited, been postponed or been in work without moving.");
        _meter.CreateObservableGauge("rag.ingestion.lanes.waiting", () => queue.CountLanes(MaxLanes), "{lane}", "Collections in which versions wait; counted up to 1,000.");
        _meter.CreateObservableGauge("rag.ingestion.documents.in_flight", () => work.Counts.Documents, "{document}", "Documents between being begun and being searchable.");
        _meter.CreateObservableGauge("rag.ingestion.chunks.in_flight", () => work.Counts.ChunksInFlight, "{chunk}", "Chunks that were sent to be embedded and whose vectors have not come back.");
        _meter.CreateObservableGauge("rag.ingestion.prepared", () => work.Counts.Bytes, "By", "Contents in processing and texts that wait to be sent.");
        _chunks = _meter.CreateCounter<long>("rag.ingestion.chunks", "{chunk}", "Chunks that were sent to be embedded.");
        _lost = _meter.CreateCounter<long>("rag.ingestion.lost", "{document}", "Documents that the index had lost and that are prepared again.");
        _stageDuration = _meter.CreateHistogram<double>("rag.ingestion.stage.duration", "s", "Time of a document version in one stage on its way.");
        _timeToIndex = _meter.CreateHistogram<double>("rag.ingestion.time_to_index", "s", "From the commit of a document version until searches see it.");
    }

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Of what continues the trace that brought the version.</summary>
    public static Activity? StartSpan(string name, WaitingVersion version, ActivityContext parent)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Source.CreateActivity(name, ActivityKind.Internal, parent)
            ?.SetTag("rag.collection", version.Key.Collection)
            .SetTag("rag.document.id", version.Key.DocumentId)
            .SetTag("rag.document.version", version.Version)
            .Start();
    }

    /// <summary>Of one step of a version's way.</summary>
    public static Activity? StartSpan(string name, DocumentVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Source.StartActivity(name)
            ?.SetTag("rag.collection", version.Key.Collection)
            .SetTag("rag.document.id", version.Key.DocumentId)
            .SetTag("rag.document.version", version.Version);
    }

    public void CountChunks(int chunks) => _chunks.Add(chunks);

    public void CountLost() => _lost.Add(1);

    public void RecordStage(string stage, TimeSpan duration) => _stageDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("stage", stage));

    public void RecordTimeToIndex(TimeSpan duration) => _timeToIndex.Record(duration.TotalSeconds);

    public void Dispose() => _meter.Dispose();
}
