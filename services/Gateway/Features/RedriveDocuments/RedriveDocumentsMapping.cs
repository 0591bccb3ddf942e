using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.RedriveDocuments;

internal static class RedriveDocumentsMapping
{
    public static Downstream.RedriveDocumentsRequest ToIngestion(this V1.RedriveDocumentsRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = request.Id.Length > 0 ? CollectionName.OrDefault(request.Collection) : request.Collection,
        Id = request.Id,
        BatchId = request.BatchId,
        Step = request.Step,
        Code = request.Code,
        DryRun = request.DryRun,
        PageSize = request.PageSize,
        PageToken = request.PageToken,
    };

    public static V1.RedriveDocumentsResponse ToGateway(this Downstream.RedriveDocumentsResponse response) =>
        new() { Documents = { response.Documents }, Refused = { response.Refused }, NextPageToken = response.NextPageToken };
}
