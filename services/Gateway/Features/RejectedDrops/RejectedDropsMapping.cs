using RagPlatform.Gateway.Calls;
using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.RejectedDrops;

/// <summary>An operator sees, beside its own tenant's, the drops of which nobody could tell whose they are.</summary>
internal static class RejectedDropsMapping
{
    public static Downstream.ListRejectedDropsRequest ToIngestion(this V1.ListRejectedDropsRequest request, GatewayCall call) =>
        new() { Tenant = call.Tenant, IncludeUnowned = call.IsOperator, PageSize = request.PageSize, PageToken = request.PageToken };

    public static V1.ListRejectedDropsResponse ToGateway(this Downstream.ListRejectedDropsResponse response) =>
        new() { Drops = { response.Drops }, NextPageToken = response.NextPageToken, TotalCount = response.TotalCount };

    public static Downstream.ShowRejectedDropRequest ToIngestion(this V1.ShowRejectedDropRequest request, GatewayCall call) =>
        new() { Tenant = call.Tenant, IncludeUnowned = call.IsOperator, Id = request.Id };

    public static V1.ShowRejectedDropResponse ToGateway(this Downstream.ShowRejectedDropResponse response) => new() { Drop = response.Drop, Body = response.Body };

    public static Downstream.RedriveRejectedDropRequest ToIngestion(this V1.RedriveRejectedDropRequest request, GatewayCall call) =>
        new() { Tenant = call.Tenant, IncludeUnowned = call.IsOperator, Id = request.Id, Body = request.Body };

    public static V1.RedriveRejectedDropResponse ToGateway(this Downstream.RedriveRejectedDropResponse response) => new() { Taken = response.Taken, Drop = response.Drop };

    public static Downstream.DiscardRejectedDropRequest ToIngestion(this V1.DiscardRejectedDropRequest request, GatewayCall call) =>
        new() { Tenant = call.Tenant, IncludeUnowned = call.IsOperator, Id = request.Id };
}
