using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>A body of the drop queue after it was read.</summary>
/// <param name="Body">As it came.</param>
/// <param name="Drop">What it says; null when that cannot be understood.</param>
/// <param name="Rejection">Why not; null when it was understood.</param>
public sealed record ReadDrop(ReadOnlyMemory<byte> Body, Drop? Drop, DropRejectedException? Rejection)
{
    /// <summary>Whose drop it is; null where that could not be told.</summary>
    public DocumentKey? Document => Drop is { Document: { } document } ? new DocumentKey(document.Tenant, document.Collection, document.Id) : Rejection!.Document;
}
