using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.StageContent;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>A message of the public drop queue, understood.</summary>
/// <param name="Document">What was dropped; its id is never empty.</param>
/// <param name="IsDeletion">Operation "delete"; the document then has no content.</param>
/// <param name="ContentField">The field that the content came in: "text", "contentBase64" or "contentRef".</param>
/// <param name="Reference">Of staged content, which the document then is still without; null when it came in the drop.</param>
public sealed record Drop(DocumentSubmission Document, bool IsDeletion, string ContentField, ContentReference? Reference = null);
