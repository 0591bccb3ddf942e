using System.Collections.Concurrent;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.CommandLine.Tests.Evaluation;

/// <summary>A gateway that keeps documents by collection and ranks them as the test says.</summary>
internal sealed class JudgedGateway : GatewayService.GatewayServiceBase
{
    public ConcurrentDictionary<string, ConcurrentDictionary<string, Document>> Collections { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, CollectionSettings> Settings { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<SearchRequest> Searches { get; } = new();

    public ConcurrentQueue<string> Deleted { get; } = new();

    public int PutCount;

    /// <summary>Ids of documents that fail.</summary>
    public HashSet<string> Failing { get; } = new(StringComparer.Ordinal);

    /// <summary>Document ids, best first.</summary>
    public Func<SearchRequest, IEnumerable<string>> Rank { get; set; } = _ => [];

    public override Task<PutDocumentResponse> PutDocument(PutDocumentRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref PutCount);
        var fails = Failing.Contains(request.Header.Id);
        var document = new Document
        {
            Collection = request.Header.Collection,
            Id = request.Header.Id,
            Title = request.Header.Title,
            Version = 1,
            IndexedVersion = fails ? 0 : 1,
            ChunkCount = 1,
            State = fails ? DocumentState.Failed : DocumentState.Indexed,
            Failure = fails ? new DocumentFailure { Step = "extracting", Code = "NO_TEXT", Reason = "content: holds no text." } : null,
        };
        Collections.GetOrAdd(request.Header.Collection, _ => new(StringComparer.Ordinal))[document.Id] = document;
        return Task.FromResult(new PutDocumentResponse { Document = document });
    }

    public override Task<GetDocumentResponse> GetDocument(GetDocumentRequest request, ServerCallContext context) =>
        Task.FromResult(new GetDocumentResponse { Document = Find(request.Collection, request.Id) });

    public override Task WatchDocument(WatchDocumentRequest request, IServerStreamWriter<WatchDocumentResponse> responseStream, ServerCallContext context)
    {
        var document = Find(request.Collection, request.Id);
        return responseStream.WriteAsync(new WatchDocumentResponse { Event = new DocumentEvent { Sequence = 1, Version = 1, State = document.State, Failure = document.Failure } });
    }

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        Searches.Enqueue(request);
        FindCollection(request.Collection);
        return Task.FromResult(new SearchResponse { Hits = { Rank(request).Take(request.TopK).Select(id => new SearchHit { ChunkId = id, DocumentId = id }) } });
    }

    public override Task<DescribeCollectionResponse> DescribeCollection(DescribeCollectionRequest request, ServerCallContext context)
    {
        var documents = FindCollection(request.Collection);
        var settings = Settings.GetValueOrDefault(request.Collection);
        return Task.FromResult(new DescribeCollectionResponse
        {
            Collection = new Collection { Name = request.Collection, DocumentCount = documents.Values.Count(document => document.IndexedVersion > 0), ChunkCount = documents.Count, Model = "test-model", Store = "embedded", Settings = settings },
        });
    }

    public override Task<UpdateCollectionResponse> UpdateCollection(UpdateCollectionRequest request, ServerCallContext context)
    {
        FindCollection(request.Collection);
        Settings[request.Collection] = request.Settings;
        return Task.FromResult(new UpdateCollectionResponse { Collection = new Collection { Name = request.Collection, Settings = request.Settings } });
    }

    public override Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context)
    {
        var documents = FindCollection(request.Collection);
        Collections.TryRemove(request.Collection, out _);
        Deleted.Enqueue(request.Collection);
        return Task.FromResult(new DeleteCollectionResponse { DocumentCount = documents.Count });
    }

    private Document Find(string collection, string id) => FindCollection(collection).GetValueOrDefault(id)
        ?? throw new ServiceException(FailureKind.NotFound, "DOCUMENT_NOT_FOUND", $"There is no document '{id}'.").ToRpcException();

    private ConcurrentDictionary<string, Document> FindCollection(string name) => Collections.GetValueOrDefault(name)
        ?? throw new ServiceException(FailureKind.NotFound, "COLLECTION_NOT_FOUND", $"There is no collection '{name}'.").ToRpcException();
}
