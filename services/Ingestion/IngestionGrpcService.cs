using Grpc.Core;
using RagPlatform.Ingestion.Features.CheckConsistency;
using RagPlatform.Ingestion.Features.CountDocuments;
using RagPlatform.Ingestion.Features.DeleteCollection;
using RagPlatform.Ingestion.Features.DeleteDocument;
using RagPlatform.Ingestion.Features.GetDocument;
using RagPlatform.Ingestion.Features.ListDocuments;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.ReadChunks;
using RagPlatform.Ingestion.Features.ReadPassages;
using RagPlatform.Ingestion.Features.UploadDocument;
using RagPlatform.Ingestion.Features.WatchDocument;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion;

public sealed class IngestionGrpcService(
    PutDocumentHandler put, UploadDocumentHandler upload, GetDocumentHandler get, ListDocumentsHandler list, CountDocumentsHandler count,
    DeleteDocumentHandler delete, DeleteCollectionHandler deleteCollection, WatchDocumentHandler watch, ReadPassagesHandler readPassages,
    ReadChunksHandler readChunks, CheckConsistencyHandler checkConsistency) : IngestionService.IngestionServiceBase
{
    public override async Task<PutDocumentResponse> PutDocument(PutDocumentRequest request, ServerCallContext context) =>
        (await put.PutAsync(request.ToSubmission(), context.CancellationToken)).ToResponse();

    public override async Task<PutDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context) =>
        (await upload.UploadAsync(requestStream.ToParts(context.CancellationToken), context.CancellationToken)).ToResponse();

    public override Task<GetDocumentResponse> GetDocument(GetDocumentRequest request, ServerCallContext context) =>
        Task.FromResult(get.Get(request.Tenant, request.Collection, request.Id).ToResponse());

    public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context) =>
        Task.FromResult(list.List(request.Tenant, request.Collection, request.State.ToState(), request.PageSize, request.PageToken).ToResponse());

    public override Task<CountDocumentsResponse> CountDocuments(CountDocumentsRequest request, ServerCallContext context) =>
        Task.FromResult(count.Count(request.Tenant).ToResponse());

    public override async Task<DeleteDocumentResponse> DeleteDocument(DeleteDocumentRequest request, ServerCallContext context) =>
        new() { Document = (await delete.DeleteAsync(request.Tenant, request.Collection, request.Id, context.CancellationToken)).ToProto() };

    public override async Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context) =>
        new() { DocumentCount = await deleteCollection.DeleteAsync(request.Tenant, request.Collection, context.CancellationToken) };

    public override async Task ReadChunks(ReadChunksRequest request, IServerStreamWriter<ReadChunksResponse> responseStream, ServerCallContext context)
    {
        await foreach (var batch in readChunks.ReadAsync(request.ToDomain(), context.CancellationToken))
        {
            await responseStream.WriteAsync(batch.ToResponse(), context.CancellationToken);
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
        await foreach (var progress in checkConsistency.CheckAsync(request.Tenant, request.Collection, request.Repair, context.CancellationToken))
        {
            await responseStream.WriteAsync(progress.ToResponse(), context.CancellationToken);
        }
    }

    public override Task<ReadPassagesResponse> ReadPassages(ReadPassagesRequest request, ServerCallContext context) =>
        Task.FromResult(readPassages.Read(request.Tenant, request.Collection, request.ToRanges(), request.WidenToParent).ToResponse());
}
