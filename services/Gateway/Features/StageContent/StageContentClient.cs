using Grpc.Core;
using RagPlatform.Gateway.Calls;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.StageContent;

/// <summary>Passes content that is to be staged on as the tenant's.</summary>
internal sealed class StageContentClient(IngestionServiceClient ingestion)
{
    public async Task<V1.StageContentResponse> StageAsync(IAsyncStreamReader<V1.StageContentRequest> pieces, string tenant, CallOptions options) =>
        (await pieces.ToIngestion(tenant).RelayAsync(call => ingestion.StageContent(call), options)).ToGateway();
}
