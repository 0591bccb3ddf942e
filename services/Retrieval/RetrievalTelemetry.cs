using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Retrieval.Storage.EmbeddedStore;

namespace RagPlatform.Retrieval;

/// <summary>Every span and instrument of the service.</summary>
internal sealed class RetrievalTelemetry
{
    public const string Name = "RagPlatform.Retrieval";

    private static readonly ActivitySource Spans = new(Name);
    private readonly Histogram<double> _searchDuration;

    public RetrievalTelemetry(IMeterFactory meters, Collections collections, CatalogueDatabase catalogue, EmbeddedVectorStore embedded)
    {
        var meter = meters.Create(Name);
        _searchDuration = meter.CreateHistogram<double>("rag.retrieval.search.duration", "s", "Time of one stage of a search");
        meter.CreateObservableGauge("rag.retrieval.chunks", () => collections.Size.Chunks, "{chunk}", "Chunks that searches see");
        meter.CreateObservableGauge("rag.retrieval.documents", () => collections.Size.Documents, "{document}", "Documents that searches see");
        meter.CreateObservableGauge("rag.retrieval.missing_documents", () => catalogue.Read(LostDocuments.CountAll), "{document}", "Documents that a store lost and that have not come again");
        meter.CreateObservableGauge("rag.retrieval.segments", () => embedded.Size.Segments, "{segment}", "Parts that the indexes on this machine are in");
        meter.CreateObservableGauge("rag.retrieval.disk_bytes", () => embedded.Size.DiskBytes, "By", "Files and logs of the indexes on this machine");
    }

    public void RecordSearch(string stage, TimeSpan duration) =>
        _searchDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("rag.retrieval.stage", stage));

    /// <summary>A span for work that is over: engines know no tracing, they hand back how long each stage took.</summary>
    public static void RecordSpan(string name, DateTimeOffset start, TimeSpan duration, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        using var span = Spans.StartActivity(ActivityKind.Internal, startTime: start, name: name);
        if (span is null)
        {
            return;
        }

        foreach (var (key, value) in tags)
        {
            span.SetTag(key, value);
        }

        span.SetEndTime((start + duration).UtcDateTime);
    }
}
