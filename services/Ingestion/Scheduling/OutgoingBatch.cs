using System.Diagnostics;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>A batch that is to be published now.</summary>
/// <param name="Batch">The message.</param>
/// <param name="Span">That the publishing belongs to, of all the document's batches.</param>
/// <param name="IsLast">None comes after it.</param>
public sealed record OutgoingBatch(ChunksPrepared Batch, Activity? Span, bool IsLast);
