using Grpc.Core;
using RagPlatform.Ingestion.Features.TrackBatch;
using RagPlatform.Ingestion.Features.CheckConsistency;
using RagPlatform.Ingestion.Features.CountDocuments;
using RagPlatform.Ingestion.Features.DeleteCollection;
using RagPlatform.Ingestion.Features.DeleteDocument;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Features.ListDocuments;
using RagPlatform.Ingestion.Features.ListVersions;
using RagPlatform.Ingestion.Features.PauseIngestion;
using RagPlatform.Ingestion.Features.PreviewChunks;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.ReadChunks;
using RagPlatform.Ingestion.Features.ReadPassages;
using RagPlatform.Ingestion.Features.RedriveDocuments;
using RagPlatform.Ingestion.Features.ManageRejectedDrops;
using RagPlatform.Ingestion.Features.StageContent;
using RagPlatform.Ingestion.Features.UploadDocument;
using RagPlatform.Ingestion.Features.WatchDocument;
using RagPlatform.Ingestion.Features.WatchDocuments;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion;

public sealed class IngestionGrpcService(
    PutDocumentHandler put, UploadDocumentHandler upload, StageContentHandler stage, GetDocumentHandler get, ListDocumentsHandler list, CountDocumentsHandler count,
    DeleteDocumentHandler delete, DeleteCollectionHandler deleteCollection, WatchDocumentHandler watch, ReadPassagesHandler readPassages,
    ReadChunksHandler readChunks, PreviewChunksHandler previewChunks, CheckConsistencyHandler checkConsistency, BatchesHandler batches, WatchBatchHandler watchBatch, ListVersionsHandler listVersions,
    WatchDocumentsHandler watchDocuments, RedriveDocumentsHandler redrive, PauseIngestionHandler pause, RejectedDropsHandler rejectedDrops) : IngestionService.IngestionServiceBase
{
    public override async Task<PutDocumentResponse> PutDocument(PutDocumentRequest request, ServerCallContext context) =>
        (await put.PutAsync(request.ToSubmission(), context.CancellationToken)).ToResponse();

    public override async Task<PutDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context) =>
        (await upload.UploadAsync(requestStream.ToParts(context.CancellationToken), context.CancellationToken)).ToResponse();

    public override async Task<StageContentResponse> StageContent(IAsyncStreamReader<StageContentRequest> requestStream, ServerCallContext context) =>
        (await stage.StageAsync(requestStream.ToParts(context.CancellationToken), context.CancellationToken)).ToResponse();

    public override Task<GetDocumentResponse> GetDocument(GetDocumentRequest request, ServerCallContext context) =>
        Task.FromResult(get.Get(request.Tenant, request.Collection, request.Id).ToResponse());

    public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context) =>
        Task.FromResult(list.List(request.ToFilter(), request.PageSize, request.PageToken).ToResponse());

    public override Task<CountDocumentsResponse> CountDocuments(CountDocumentsRequest request, ServerCallContext context) =>
        Task.FromResult(count.Count(request.Tenant).ToResponse());

    public override async Task<DeleteDocumentResponse> DeleteDocument(DeleteDocumentRequest request, ServerCallContext context) =>
        new() { Document = (await delete.DeleteAsync(request.Tenant, request.Collection, request.Id, batchId: "", context.CancellationToken)).ToProto() };

    public override async Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context) =>
        new() { DocumentCount = await deleteCollection.DeleteAsync(request.Tenant, request.Collection, context.CancellationToken) };

    public override async Task ReadChunks(ReadChunksRequest request, IServerStreamWriter<ReadChunksResponse> responseStream, ServerCallContext context)
    {
        await foreach (var batch in readChunks.ReadAsync(request.ToDomain(), context.CancellationToken))
        {
            await responseStream.WriteAsync(batch.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task PreviewChunks(PreviewChunksRequest request, IServerStreamWriter<PreviewChunksResponse> responseStream, ServerCallContext context)
    {
        foreach (var message in (await previewChunks.PreviewAsync(request.ToDomain(), context.CancellationToken)).ToResponses())
        {
            await responseStream.WriteAsync(message, context.CancellationToken);
        }
    }

    public override async Task WatchDocument(WatchDocumentRequest request, IServerStreamWriter<WatchDocumentResponse> responseStream, ServerCallContext context)
    {
        await foreach (var entry in watch.WatchAsync(request.Tenant, request.Collection, request.Id, context.CancellationToken))
        {
            await responseStream.WriteAsync(entry.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task CheckConsistency(CheckConsistencyRequest request, IServerStreamWriter<CheckConsistencyResponse> responseStream, ServerCallContext context)
    {
        await foreach (var progress in checkConsistency.CheckAsync(request.Tenant, request.Collection, request.Repair ? Repairs.Asked : Repairs.None, context.CancellationToken))
        {
            await responseStream.WriteAsync(progress.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task<DeclareBatchResponse> DeclareBatch(DeclareBatchRequest request, ServerCallContext context) =>
        new() { Batch = (await batches.DeclareAsync(request.Tenant, request.BatchId, request.ExpectedDocuments, request.ExpectedBytes, context.CancellationToken)).ToTerms() };

    public override Task<GetBatchResponse> GetBatch(GetBatchRequest request, ServerCallContext context) =>
        Task.FromResult(new GetBatchResponse { Batch = batches.Get(request.Tenant, request.BatchId, request.MaxFailed).ToTerms() });

    public override Task<ListBatchesResponse> ListBatches(ListBatchesRequest request, ServerCallContext context) =>
        Task.FromResult(batches.List(request.Tenant, request.PageSize, request.PageToken).ToResponse());

    public override async Task WatchBatch(WatchBatchRequest request, IServerStreamWriter<WatchBatchResponse> responseStream, ServerCallContext context)
    {
        await foreach (var standing in watchBatch.WatchAsync(request.Tenant, request.BatchId, request.MaxFailed, context.CancellationToken))
        {
            await responseStream.WriteAsync(new WatchBatchResponse { Batch = standing.ToTerms() }, context.CancellationToken);
        }
    }

    public override Task<ListVersionsResponse> ListVersions(ListVersionsRequest request, ServerCallContext context) =>
        Task.FromResult(listVersions.List(request.Tenant, request.Collection, request.Id, request.PageSize, request.PageToken).ToResponse());

    public override async Task WatchDocuments(WatchDocumentsRequest request, IServerStreamWriter<WatchDocumentsResponse> responseStream, ServerCallContext context)
    {
        await foreach (var change in watchDocuments.WatchAsync(request.ToFilter(), request.ToPlace(), context.CancellationToken))
        {
            await responseStream.WriteAsync(change.ToResponse(), context.CancellationToken);
        }
    }

    public override async Task<RedriveDocumentsResponse> RedriveDocuments(RedriveDocumentsRequest request, ServerCallContext context) =>
        (request.Id.Length > 0
            ? await redrive.RedriveAsync(request.Id, request.ToScope(), context.CancellationToken)
            : await redrive.RedriveAsync(request.ToScope(), request.PageSize, request.PageToken, context.CancellationToken)).ToResponse();

    public override async Task<PauseIngestionResponse> PauseIngestion(PauseIngestionRequest request, ServerCallContext context) =>
        new() { Status = (await pause.PauseAsync(request.ToScope(), request.Reason, context.CancellationToken)).ToTerms() };

    public override async Task<ResumeIngestionResponse> ResumeIngestion(ResumeIngestionRequest request, ServerCallContext context) =>
        new() { Status = (await pause.ResumeAsync(request.ToScope(), context.CancellationToken)).ToTerms() };

    public override Task<GetIngestionStatusResponse> GetIngestionStatus(GetIngestionStatusRequest request, ServerCallContext context) =>
        Task.FromResult(new GetIngestionStatusResponse { Status = pause.Get(request.ToScope()).ToTerms() });

    public override Task<ListRejectedDropsResponse> ListRejectedDrops(ListRejectedDropsRequest request, ServerCallContext context) =>
        Task.FromResult(rejectedDrops.List(new(request.Tenant, request.IncludeUnowned), request.PageSize, request.PageToken).ToResponse());

    public override Task<ShowRejectedDropResponse> ShowRejectedDrop(ShowRejectedDropRequest request, ServerCallContext context) =>
        Task.FromResult(rejectedDrops.Show(new(request.Tenant, request.IncludeUnowned), request.Id).ToResponse());

    public override async Task<RedriveRejectedDropResponse> RedriveRejectedDrop(RedriveRejectedDropRequest request, ServerCallContext context) =>
        (await rejectedDrops.RedriveAsync(new(request.Tenant, request.IncludeUnowned), request.Id, request.Body.Memory, context.CancellationToken)).ToResponse();

    public override async Task<DiscardRejectedDropResponse> DiscardRejectedDrop(DiscardRejectedDropRequest request, ServerCallContext context)
    {
        await rejectedDrops.DiscardAsync(new(request.Tenant, request.IncludeUnowned), request.Id, context.CancellationToken);
        return new();
    }

    public override Task<ReadPassagesResponse> ReadPassages(ReadPassagesRequest request, ServerCallContext context) =>
        Task.FromResult(readPassages.Read(request.Tenant, request.Collection, request.ToRanges(), request.WidenToParent).ToResponse());
}
