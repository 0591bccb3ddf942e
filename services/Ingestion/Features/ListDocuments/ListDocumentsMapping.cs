using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.ListDocuments;

internal static class ListDocumentsMapping
{
    /// <summary>Null when unspecified.</summary>
    public static Registry.DocumentState? ToState(this DocumentState state) => state is DocumentState.Unspecified ? null : (Registry.DocumentState)state;

    public static Registry.CatalogFilter ToFilter(this ListDocumentsRequest request) => new(request.Tenant, request.Collection, request.State.ToState(), request.BatchId);

    public static ListDocumentsResponse ToResponse(this DocumentPage page) => new()
    {
        Documents = { page.Documents.Select(document => document.ToProto()) },
        NextPageToken = page.NextPageToken,
        TotalCount = page.TotalCount,
    };
}
