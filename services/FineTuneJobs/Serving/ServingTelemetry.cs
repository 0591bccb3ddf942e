using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>The names of everything that serving measures.</summary>
internal static class ServingTelemetry
{
    public const string SourceName = "RagPlatform.FineTuneJobs.Serving";

    public static readonly ActivitySource Source = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    /// <summary>Texts, by rag.adapter.name, rag.adapter.version and rag.out_of_scope.</summary>
    public static readonly Counter<long> Predictions = Meter.CreateCounter<long>("rag.finetune.predictions", "{text}");

    /// <summary>Of one request in the model, by rag.adapter.name.</summary>
    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("rag.finetune.prediction.duration", "s");

    /// <summary>Of one text, by rag.adapter.name.</summary>
    public static readonly Histogram<double> Confidence = Meter.CreateHistogram(
        "rag.finetune.prediction.confidence", "1", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] });

    /// <summary>Requests that were not computed, by rag.reason.</summary>
    public static readonly Counter<long> Refusals = Meter.CreateCounter<long>("rag.finetune.prediction.refusals", "{request}");
}
