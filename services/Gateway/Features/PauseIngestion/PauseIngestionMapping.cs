using RagPlatform.Gateway.Calls;
using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.PauseIngestion;

/// <summary>What is asked for all tenants needs an operator's key.</summary>
internal static class PauseIngestionMapping
{
    public static Downstream.PauseIngestionRequest ToIngestion(this V1.PauseIngestionRequest request, GatewayCall call) =>
        new() { Tenant = call.Tenant, Collection = request.Collection, AllTenants = request.AllTenants && call.RequireOperator(), Reason = request.Reason };

    public static V1.PauseIngestionResponse ToGateway(this Downstream.PauseIngestionResponse response) => new() { Status = response.Status };

    public static Downstream.ResumeIngestionRequest ToIngestion(this V1.ResumeIngestionRequest request, GatewayCall call) =>
        new() { Tenant = call.Tenant, Collection = request.Collection, AllTenants = request.AllTenants && call.RequireOperator() };

    public static V1.ResumeIngestionResponse ToGateway(this Downstream.ResumeIngestionResponse response) => new() { Status = response.Status };

    public static Downstream.GetIngestionStatusRequest ToIngestion(this V1.GetIngestionStatusRequest request, GatewayCall call) =>
        new() { Tenant = call.Tenant, Collection = request.Collection, AllTenants = request.AllTenants && call.RequireOperator() };

    public static V1.GetIngestionStatusResponse ToGateway(this Downstream.GetIngestionStatusResponse response) => new() { Status = response.Status };
}
