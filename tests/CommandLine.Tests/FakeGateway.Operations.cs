using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Documents.V1;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.CommandLine.Tests;

/// <summary>Batches, redrives, pauses and rejected drops.</summary>
internal sealed partial class FakeGateway
{
    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<IMessage> Operations { get; } = new();

    public IngestionStatus Ingestion { get; } = new() { Waiting = 3, InFlight = 2 };

    public ConcurrentDictionary<long, RejectedDrop> Drops { get; } = new(
        [KeyValuePair.Create(17L, new RejectedDrop { Id = 17, Tenant = "tests", Code = "MISSING_FIELD", Field = "collection", Reason = "collection: it is missing or empty.", Remedy = "Name it.", BodyBytes = 2, BodyKept = true })]);

    public FailedDocument[] FailedDocuments { get; set; } = [];

    public override Task<DeclareBatchResponse> DeclareBatch(DeclareBatchRequest request, ServerCallContext context)
    {
        CheckKey(context);
        Operations.Enqueue(request);
        return Task.FromResult(new DeclareBatchResponse { Batch = BatchOf(request.BatchId) });
    }

    public override Task<GetBatchResponse> GetBatch(GetBatchRequest request, ServerCallContext context) => Task.FromResult(new GetBatchResponse { Batch = BatchOf(request.BatchId) });

    public override Task<ListBatchesResponse> ListBatches(ListBatchesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListBatchesResponse { Batches = { BatchOf("second"), BatchOf("first") } });

    public override async Task WatchBatch(WatchBatchRequest request, IServerStreamWriter<WatchBatchResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new WatchBatchResponse
        {
            Batch = new Batch { Id = request.BatchId, Documents = new DocumentCounts { Indexed = 1, Embedding = 3 }, DocumentCount = 4, ChunksPerSecond = 8.5, HasEstimate = true, RemainingSeconds = 40, Progress = 0.25 },
        });
        await responseStream.WriteAsync(new WatchBatchResponse { Batch = BatchOf(request.BatchId) });
    }

    public override Task<ListVersionsResponse> ListVersions(ListVersionsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListVersionsResponse { Versions = { Find(request.Collection, request.Id), new Document { Version = 0, State = DocumentState.Indexed } } });

    /// <summary>Nothing ever happens to documents of this batch.</summary>
    public const string QuietBatch = "quiet";

    public override async Task WatchDocuments(WatchDocumentsRequest request, IServerStreamWriter<WatchDocumentsResponse> responseStream, ServerCallContext context)
    {
        Operations.Enqueue(request);
        await responseStream.WriteAsync(new WatchDocumentsResponse { Sequence = 40 });
        foreach (var state in request.BatchId == QuietBatch ? [] : new[] { DocumentState.Received, DocumentState.Indexed })
        {
            await responseStream.WriteAsync(new WatchDocumentsResponse
            {
                Sequence = request.AfterSequence + (int)state, Change = new DocumentChange { Collection = "docs", Id = "a.md", Version = 1, State = state, Detail = "3 chunks" },
            });
        }

        CheckRestart("WatchDocuments");
        await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
    }

    public override Task<RedriveDocumentsResponse> RedriveDocuments(RedriveDocumentsRequest request, ServerCallContext context)
    {
        Operations.Enqueue(request);
        return Task.FromResult(new RedriveDocumentsResponse { Documents = { FailedDocuments }, NextPageToken = "" });
    }

    public override Task<PauseIngestionResponse> PauseIngestion(PauseIngestionRequest request, ServerCallContext context)
    {
        Operations.Enqueue(request);
        Ingestion.Paused = true;
        Ingestion.Pauses.Add(new IngestionPause { Collection = request.Collection, Reason = request.Reason });
        return Task.FromResult(new PauseIngestionResponse { Status = Ingestion });
    }

    public override Task<ResumeIngestionResponse> ResumeIngestion(ResumeIngestionRequest request, ServerCallContext context)
    {
        Ingestion.Paused = false;
        Ingestion.Pauses.Clear();
        return Task.FromResult(new ResumeIngestionResponse { Status = Ingestion });
    }

    public override Task<GetIngestionStatusResponse> GetIngestionStatus(GetIngestionStatusRequest request, ServerCallContext context)
    {
        if (Ingestion.Paused)
        {
            Ingestion.InFlight = 0;
        }

        return Task.FromResult(new GetIngestionStatusResponse { Status = Ingestion });
    }

    public override Task<ListRejectedDropsResponse> ListRejectedDrops(ListRejectedDropsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListRejectedDropsResponse { Drops = { Drops.Values }, TotalCount = Drops.Count });

    public override Task<ShowRejectedDropResponse> ShowRejectedDrop(ShowRejectedDropRequest request, ServerCallContext context) =>
        Task.FromResult(new ShowRejectedDropResponse { Drop = FindDrop(request.Id), Body = ByteString.CopyFromUtf8("{}") });

    public override Task<RedriveRejectedDropResponse> RedriveRejectedDrop(RedriveRejectedDropRequest request, ServerCallContext context) =>
        Task.FromResult(request.Body.IsEmpty ? new RedriveRejectedDropResponse { Drop = FindDrop(request.Id) } : new RedriveRejectedDropResponse { Taken = true });

    public override Task<DiscardRejectedDropResponse> DiscardRejectedDrop(DiscardRejectedDropRequest request, ServerCallContext context)
    {
        Drops.TryRemove(FindDrop(request.Id).Id, out _);
        return Task.FromResult(new DiscardRejectedDropResponse());
    }

    private Batch BatchOf(string id)
    {
        var ofBatch = documents.Values.Where(document => document.BatchId == id).ToList();
        return new Batch
        {
            Id = id, AtRest = true, Progress = 1, HasEstimate = true, DocumentCount = ofBatch.Count,
            Documents = new DocumentCounts { Indexed = ofBatch.Count(document => document.State is DocumentState.Indexed), Failed = ofBatch.Count(document => document.State is DocumentState.Failed) },
        };
    }

    private RejectedDrop FindDrop(long id) =>
        Drops.TryGetValue(id, out var drop) ? drop : throw new ServiceException(FailureKind.NotFound, "DROP_NOT_FOUND", $"id: there is no rejected drop {id}.").ToRpcException();
}
