using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;
using Terms = RagPlatform.Protos.Search.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client.Tests.Client;

/// <summary>A gateway that answers as the test tells it to, over the real protocol, and remembers what it was sent.</summary>
internal sealed class FakeGateway : GatewayService.GatewayServiceBase
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public string? Authorization { get; private set; }

    public MemoryStream Content { get; } = new();

    public V1.DocumentHeader? Header { get; private set; }

    public int LargestPieceBytes { get; private set; }

    /// <summary>Whether an upload ended as its caller meant it to.</summary>
    public TaskCompletionSource<bool> UploadCompleted { get; } = new();

    public Func<UploadDocumentRequest, bool> RefusesPiece { get; set; } = _ => false;

    public Func<ServerCallContext, Task<GetStatusResponse>> Status { get; set; } = _ => Task.FromResult(new GetStatusResponse());

    public Func<ListDocumentsRequest, ListDocumentsResponse> List { get; set; } = _ => new ListDocumentsResponse();

    /// <summary>Answers of the calls that read or change collections, by the request's type; each must be there.</summary>
    public Dictionary<Type, IMessage> Answers { get; } = [];

    public ConcurrentQueue<IMessage> Requests { get; } = new();

    /// <summary>The deadline of the last call.</summary>
    public DateTime Deadline { get; private set; }

    public Func<IServerStreamWriter<AskResponse>, ServerCallContext, Task> Answer { get; set; } = (_, _) => Task.CompletedTask;

    public static Task<TestServer> StartAsync(FakeGateway gateway) =>
        TestServer.StartAsync(builder => builder.Services.AddSingleton(gateway), app => app.MapGrpcService<FakeGateway>());

    public static RagClient Connect(TestServer server, TimeSpan? timeout = null) =>
        new(new RagClientOptions { Address = server.Address, ApiKey = "the-key", Timeout = timeout ?? TestTimeout.Default });

    public override Task<PutDocumentResponse> PutDocument(PutDocumentRequest request, ServerCallContext context)
    {
        Record(context);
        Header = request.Header;
        Content.Write(request.Content.Span);
        return Task.FromResult(new PutDocumentResponse { Document = new V1.Document { Id = request.Header.Id }, Unchanged = true });
    }

    public override async Task<PutDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context)
    {
        Record(context);
        try
        {
            await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            {
                if (RefusesPiece(request))
                {
                    throw new Grpc.Errors.ServiceException(Grpc.Errors.FailureKind.InvalidArgument, "DOCUMENT_TOO_LARGE", "content: too large.") { Field = "content", Remedy = "Split it." };
                }

                Header ??= request.Header;
                Content.Write(request.Content.Span);
                LargestPieceBytes = Math.Max(LargestPieceBytes, request.Content.Length);
            }
        }
        catch
        {
            UploadCompleted.TrySetResult(false);
            throw;
        }

        UploadCompleted.TrySetResult(true);
        return new PutDocumentResponse { Document = new V1.Document { Id = Header!.Id, ContentBytes = Content.Length } };
    }

    public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context)
    {
        Record(context);
        return Task.FromResult(List(request));
    }

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) => Reply<SearchResponse>(request, context);

    public override Task<CountFacetsResponse> CountFacets(CountFacetsRequest request, ServerCallContext context) => Reply<CountFacetsResponse>(request, context);

    public override Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context) => Reply<ListCollectionsResponse>(request, context);

    public override Task<DescribeCollectionResponse> DescribeCollection(DescribeCollectionRequest request, ServerCallContext context) => Reply<DescribeCollectionResponse>(request, context);

    public override Task<CreateCollectionResponse> CreateCollection(CreateCollectionRequest request, ServerCallContext context) => Reply<CreateCollectionResponse>(request, context);

    public override Task<UpdateCollectionResponse> UpdateCollection(UpdateCollectionRequest request, ServerCallContext context) => Reply<UpdateCollectionResponse>(request, context);

    public override Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context) => Reply<DeleteCollectionResponse>(request, context);

    public override Task<SetAliasResponse> SetAlias(SetAliasRequest request, ServerCallContext context) => Reply<SetAliasResponse>(request, context);

    public override Task<DeleteAliasResponse> DeleteAlias(DeleteAliasRequest request, ServerCallContext context) => Reply<DeleteAliasResponse>(request, context);

    public override Task<StartBuildResponse> StartBuild(StartBuildRequest request, ServerCallContext context) => Reply<StartBuildResponse>(request, context);

    public override Task<CancelBuildResponse> CancelBuild(CancelBuildRequest request, ServerCallContext context) => Reply<CancelBuildResponse>(request, context);

    public override Task<SnapshotCollectionResponse> SnapshotCollection(SnapshotCollectionRequest request, ServerCallContext context) => Reply<SnapshotCollectionResponse>(request, context);

    public override Task<RestoreCollectionResponse> RestoreCollection(RestoreCollectionRequest request, ServerCallContext context) => Reply<RestoreCollectionResponse>(request, context);

    public Func<RedriveDocumentsRequest, RedriveDocumentsResponse> Redrive { get; set; } = _ => new RedriveDocumentsResponse();

    public override Task<GetBatchResponse> GetBatch(GetBatchRequest request, ServerCallContext context) => Reply<GetBatchResponse>(request, context);

    public override Task<RedriveDocumentsResponse> RedriveDocuments(RedriveDocumentsRequest request, ServerCallContext context) => Task.FromResult(Redrive(request));

    public override Task<RedriveRejectedDropResponse> RedriveRejectedDrop(RedriveRejectedDropRequest request, ServerCallContext context) => Reply<RedriveRejectedDropResponse>(request, context);

    public override async Task WatchDocuments(WatchDocumentsRequest request, IServerStreamWriter<WatchDocumentsResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new WatchDocumentsResponse { Sequence = 41 });
        await responseStream.WriteAsync(await Reply<WatchDocumentsResponse>(request, context));
    }

    public override async Task WatchBuild(WatchBuildRequest request, IServerStreamWriter<WatchBuildResponse> responseStream, ServerCallContext context)
    {
        var last = await Reply<WatchBuildResponse>(request, context);
        await responseStream.WriteAsync(new WatchBuildResponse { Build = new Terms.IndexBuild { State = Terms.BuildState.Running, Step = "copying", TotalDocuments = last.Build.TotalDocuments } });
        await responseStream.WriteAsync(last);
    }

    public override Task Ask(AskRequest request, IServerStreamWriter<AskResponse> responseStream, ServerCallContext context)
    {
        Record(context);
        Requests.Enqueue(request);
        return Answer(responseStream, context);
    }

    public override async Task WatchDocument(WatchDocumentRequest request, IServerStreamWriter<WatchDocumentResponse> responseStream, ServerCallContext context)
    {
        Record(context);
        await responseStream.WriteAsync(new WatchDocumentResponse { Event = new V1.DocumentEvent { Sequence = 1, State = V1.DocumentState.Chunking } });
        await responseStream.WriteAsync(new WatchDocumentResponse
        {
            Event = new V1.DocumentEvent
            {
                Sequence = 2,
                State = V1.DocumentState.Failed,
                Failure = new V1.DocumentFailure { Step = "extracting", Code = "NO_TEXT", Reason = "content holds no text.", Remedy = "Send text.", Attempts = 1 },
            },
        });
    }

    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        Record(context);
        return Status(context);
    }

    private Task<T> Reply<T>(IMessage request, ServerCallContext context)
    {
        Record(context);
        Requests.Enqueue(request);
        return Task.FromResult((T)Answers[request.GetType()]);
    }

    private void Record(ServerCallContext context)
    {
        Deadline = context.Deadline;
        Calls.Enqueue(context.Method.Split('/')[^1]);
        Authorization = context.RequestHeaders.GetValue("authorization");
    }
}
