using RagPlatform.Contracts;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.GetDocument;

/// <summary>A document's latest version, what it says about itself, and its history.</summary>
public sealed class GetDocumentHandler(DocumentCatalog catalog, StoredOutlines outlines, DocumentLog log)
{
    public const int MaxEvents = 200;

    /// <exception cref="Grpc.Errors.ServiceException">NotFound, or InvalidArgument.</exception>
    public (DocumentVersion Document, DocumentDescription? Description, IReadOnlyList<DocumentEvent> Events) Get(string tenant, string collection, string id)
    {
        var key = Key(tenant, collection, id);
        return catalog.Find(key) is { } document
            ? (document, outlines.ReadDescription(key, document.Version), log.ReadLatest(key, MaxEvents))
            : throw IngestionErrors.DocumentNotFound(collection, id);
    }

    /// <summary>The key of a request, checked.</summary>
    public static DocumentKey Key(string tenant, string collection, string id) =>
        new(SubmissionRules.CheckTenant(tenant), SubmissionRules.CheckCollection(collection), SubmissionRules.CheckId(id));
}
