using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>A version that may be begun.</summary>
/// <param name="Key">The document.</param>
/// <param name="Version">The version.</param>
/// <param name="ContentBytes">Of its content.</param>
/// <param name="TraceParent">W3C trace context of the call or drop that brought it; null when that was not traced.</param>
public sealed record WaitingVersion(DocumentKey Key, long Version, long ContentBytes, string? TraceParent);
