using System.Diagnostics;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Features.TrackProgress;

/// <summary>A message that tells of several documents belongs to no trace; what is recorded of each belongs to its own.</summary>
internal static class ReportTrace
{
    public static Activity? Continue(string name, string? traceParent, DocumentKey document, long version) =>
        IngestionTelemetry.Source.StartActivity(name, ActivityKind.Consumer, ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent) ? parent : default)
            ?.SetTag("rag.collection", document.Collection)
            .SetTag("rag.document.id", document.DocumentId)
            .SetTag("rag.document.version", version);
}
