using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RagPlatform.Generation;

/// <summary>The names of everything this service measures.</summary>
internal static class GenerationTelemetry
{
    public const string SourceName = "RagPlatform.Generation";

    public static readonly ActivitySource Source = new(SourceName);

    private static readonly Meter Meter = new(SourceName);

    /// <summary>By rag.outcome: answered, abstained, failed; and rag.model.</summary>
    public static readonly Counter<long> Answers = Meter.CreateCounter<long>("rag.generation.answers", "{answer}");

    /// <summary>By rag.reason.</summary>
    public static readonly Counter<long> Abstentions = Meter.CreateCounter<long>("rag.generation.abstentions", "{answer}");

    /// <summary>Removed from answers because the stored text does not hold them.</summary>
    public static readonly Counter<long> UnsupportedCitations = Meter.CreateCounter<long>("rag.generation.unsupported_citations", "{citation}");

    /// <summary>From the question to the last part, by rag.model and rag.outcome.</summary>
    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("rag.generation.duration", "s");

    public static KeyValuePair<string, object?> Outcome(string outcome) => new("rag.outcome", outcome);

    public static KeyValuePair<string, object?> Model(string model) => new("rag.model", model);

    public static KeyValuePair<string, object?> Reason(string reason) => new("rag.reason", reason);
}
