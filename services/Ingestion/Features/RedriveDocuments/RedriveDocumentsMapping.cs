using RagPlatform.Ingestion.Features.TrackBatch;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.RedriveDocuments;

internal static class RedriveDocumentsMapping
{
    public static RedriveScope ToScope(this RedriveDocumentsRequest request) =>
        new(new CatalogFilter(request.Tenant, request.Collection, BatchId: request.BatchId), request.Step, request.Code, request.DryRun);

    public static RedriveDocumentsResponse ToResponse(this RedrivePage page) => new()
    {
        Documents = { page.Documents.Select(BatchMapping.ToFailed) },
        Refused = { page.Refused.Select(BatchMapping.ToFailed) },
        NextPageToken = page.NextPageToken,
    };
}
