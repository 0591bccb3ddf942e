using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Gateway.Tests.Fakes;

/// <summary>Calls that only pass through: answered by the request's type, empty where a test says nothing.</summary>
internal sealed partial class FakeIngestion
{
    public override Task<DeclareBatchResponse> DeclareBatch(DeclareBatchRequest request, ServerCallContext context) => Answer<DeclareBatchResponse>(request);

    public override Task<GetBatchResponse> GetBatch(GetBatchRequest request, ServerCallContext context) => Answer<GetBatchResponse>(request);

    public override Task<ListBatchesResponse> ListBatches(ListBatchesRequest request, ServerCallContext context) => Answer<ListBatchesResponse>(request);

    public override async Task WatchBatch(WatchBatchRequest request, IServerStreamWriter<WatchBatchResponse> responseStream, ServerCallContext context) =>
        await responseStream.WriteAsync(await Answer<WatchBatchResponse>(request));

    public override Task<ListVersionsResponse> ListVersions(ListVersionsRequest request, ServerCallContext context) => Answer<ListVersionsResponse>(request);

    public override async Task WatchDocuments(WatchDocumentsRequest request, IServerStreamWriter<WatchDocumentsResponse> responseStream, ServerCallContext context) =>
        await responseStream.WriteAsync(await Answer<WatchDocumentsResponse>(request));

    public override Task<RedriveDocumentsResponse> RedriveDocuments(RedriveDocumentsRequest request, ServerCallContext context) => Answer<RedriveDocumentsResponse>(request);

    public override Task<PauseIngestionResponse> PauseIngestion(PauseIngestionRequest request, ServerCallContext context) => Answer<PauseIngestionResponse>(request);

    public override Task<ResumeIngestionResponse> ResumeIngestion(ResumeIngestionRequest request, ServerCallContext context) => Answer<ResumeIngestionResponse>(request);

    public override Task<GetIngestionStatusResponse> GetIngestionStatus(GetIngestionStatusRequest request, ServerCallContext context) => Answer<GetIngestionStatusResponse>(request);

    public override Task<ListRejectedDropsResponse> ListRejectedDrops(ListRejectedDropsRequest request, ServerCallContext context) => Answer<ListRejectedDropsResponse>(request);

    public override Task<ShowRejectedDropResponse> ShowRejectedDrop(ShowRejectedDropRequest request, ServerCallContext context) => Answer<ShowRejectedDropResponse>(request);

    public override Task<RedriveRejectedDropResponse> RedriveRejectedDrop(RedriveRejectedDropRequest request, ServerCallContext context) => Answer<RedriveRejectedDropResponse>(request);

    public override Task<DiscardRejectedDropResponse> DiscardRejectedDrop(DiscardRejectedDropRequest request, ServerCallContext context) => Answer<DiscardRejectedDropResponse>(request);

    private Task<T> Answer<T>(IMessage request)
        where T : IMessage, new() =>
        Task.FromResult(fakes.Ingestion.TryGetValue(request.GetType(), out var answer) ? (T)answer(request) : new T());
}
