using RagPlatform.Ingestion.Features.PutDocument;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>A message of the public drop queue, understood.</summary>
/// <param name="Document">What was dropped; its id is never empty.</param>
/// <param name="IsDeletion">Operation "delete"; the document then has no content.</param>
/// <param name="ContentField">The field that the content came in: "text" or "contentBase64".</param>
public sealed record Drop(DocumentSubmission Document, bool IsDeletion, string ContentField);
