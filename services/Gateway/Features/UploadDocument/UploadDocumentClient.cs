using Grpc.Core;
using RagPlatform.Gateway.Calls;
using RagPlatform.Gateway.Features.PutDocument;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.UploadDocument;

/// <summary>Passes an upload on as the tenant's.</summary>
internal sealed class UploadDocumentClient(IngestionServiceClient ingestion)
{
    public async Task<V1.PutDocumentResponse> UploadAsync(IAsyncStreamReader<V1.UploadDocumentRequest> pieces, string tenant, CallOptions options) =>
        (await pieces.ToIngestion(tenant).RelayAsync(call => ingestion.UploadDocument(call), options)).ToGateway();
}
