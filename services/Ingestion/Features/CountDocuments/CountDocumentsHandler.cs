using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.CountDocuments;

/// <summary>How many documents a tenant has in each state that any is in.</summary>
public sealed class CountDocumentsHandler(DocumentCatalog catalog)
{
    public IReadOnlyDictionary<DocumentState, long> Count(string tenant) => catalog.CountByState(SubmissionRules.CheckTenant(tenant));
}
