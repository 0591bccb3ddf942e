using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.GetStatus;

internal static class GetStatusMapping
{
    public static V1.DocumentCount ToGateway(this Downstream.DocumentCount count) => new() { State = (V1.DocumentState)count.State, Count = count.Count };
}
