using Grpc.Core;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Grpc.Tests;

/// <summary>A service that does what the test tells it to.</summary>
public sealed class ProbeService(Func<SearchRequest, ServerCallContext, Task<SearchResponse>> search) : RetrievalService.RetrievalServiceBase
{
    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) => search(request, context);
}

/// <summary>A service that reads a stream as the test tells it to.</summary>
public sealed class ProbeUpload(Func<IAsyncStreamReader<UploadDocumentRequest>, ServerCallContext, Task> read) : IngestionService.IngestionServiceBase
{
    public override async Task<PutDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context)
    {
        await read(requestStream, context);
        return new PutDocumentResponse();
    }
}
