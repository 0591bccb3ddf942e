using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.TrackBatch;

internal static class TrackBatchMapping
{
    public static Downstream.DeclareBatchRequest ToIngestion(this V1.DeclareBatchRequest request, string tenant) =>
        new() { Tenant = tenant, BatchId = request.BatchId, ExpectedDocuments = request.ExpectedDocuments, ExpectedBytes = request.ExpectedBytes };

    public static V1.DeclareBatchResponse ToGateway(this Downstream.DeclareBatchResponse response) => new() { Batch = response.Batch };

    public static Downstream.GetBatchRequest ToIngestion(this V1.GetBatchRequest request, string tenant) =>
        new() { Tenant = tenant, BatchId = request.BatchId, MaxFailed = request.MaxFailed };

    public static V1.GetBatchResponse ToGateway(this Downstream.GetBatchResponse response) => new() { Batch = response.Batch };

    public static Downstream.ListBatchesRequest ToIngestion(this V1.ListBatchesRequest request, string tenant) =>
        new() { Tenant = tenant, PageSize = request.PageSize, PageToken = request.PageToken };

    public static V1.ListBatchesResponse ToGateway(this Downstream.ListBatchesResponse response) =>
        new() { Batches = { response.Batches }, NextPageToken = response.NextPageToken };

    public static Downstream.WatchBatchRequest ToIngestion(this V1.WatchBatchRequest request, string tenant) =>
        new() { Tenant = tenant, BatchId = request.BatchId, MaxFailed = request.MaxFailed };

    public static V1.WatchBatchResponse ToGateway(this Downstream.WatchBatchResponse response) => new() { Batch = response.Batch };
}
