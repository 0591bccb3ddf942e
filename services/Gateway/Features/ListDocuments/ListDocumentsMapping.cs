using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.ListDocuments;

internal static class ListDocumentsMapping
{
    public static Downstream.ListDocumentsRequest ToIngestion(this V1.ListDocumentsRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = request.Collection,
        State = (Downstream.DocumentState)request.State,
        PageSize = request.PageSize,
        PageToken = request.PageToken,
        BatchId = request.BatchId,
    };

    public static V1.ListDocumentsResponse ToGateway(this Downstream.ListDocumentsResponse response) => new()
    {
        Documents = { response.Documents.Select(document => document.ToGateway()) },
        NextPageToken = response.NextPageToken,
        TotalCount = response.TotalCount,
    };
}
