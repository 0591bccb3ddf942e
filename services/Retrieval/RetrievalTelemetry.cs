using System.Diagnostics;
using System.Diagnostics.Metrics;
using RagPlatform.Retrieval.Storage;

namespace RagPlatform.Retrieval;

/// <summary>Every span and instrument of the service.</summary>
internal sealed class RetrievalTelemetry
{
    public const string Name = "RagPlatform.Retrieval";

    private static readonly ActivitySource Spans = new(Name);
    private readonly Histogram<double> _searchDuration;

    public RetrievalTelemetry(IMeterFactory meters, IDocumentStore store)
    {
        var meter = meters.Create(Name);
        _searchDuration = meter.CreateHistogram<double>("rag.retrieval.search.duration", "s", "Time of one stage of a search");
        meter.CreateObservableGauge("rag.retrieval.chunks", () => store.Totals.Chunks, "{chunk}", "Chunks that searches see");
        meter.CreateObservableGauge("rag.retrieval.documents", () => store.Totals.Documents, "{document}", "Documents that searches see");
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
