using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RagPlatform.Grpc;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.CommandLine.Tests;

/// <summary>A gateway that keeps documents in memory, indexes them at once and answers as it is told.</summary>
internal sealed partial class FakeGateway : GatewayService.GatewayServiceBase
{
    public const string Key = "test-key";

    private readonly ConcurrentDictionary<string, Document> documents = new(StringComparer.Ordinal);

    public ConcurrentQueue<DocumentHeader> Received { get; } = new();

    /// <summary>Documents with this word in their id fail while being extracted.</summary>
    public string FailingWord { get; set; } = "broken";

    public AskResponse[] Answer { get; set; } = [];

    public SearchHit[] Hits { get; set; } = [];

    /// <summary>Set to hold every answer back until the caller leaves.</summary>
    public bool Hangs { get; set; }

    /// <summary>Methods whose next call finds a service restarting.</summary>
    public ConcurrentDictionary<string, bool> Restarting { get; } = new(StringComparer.Ordinal);

    public override Task<PutDocumentResponse> PutDocument(PutDocumentRequest request, ServerCallContext context) =>
        Task.FromResult(Put(request.Header, request.Content.ToByteArray(), context));

    public override async Task<PutDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context)
    {
        DocumentHeader? header = null;
        using var content = new MemoryStream();
        await foreach (var part in requestStream.ReadAllAsync(context.CancellationToken))
        {
            header ??= part.Header;
            content.Write(part.Content.Span);
        }

        return Put(header!, content.ToArray(), context);
    }

    public override Task<GetDocumentResponse> GetDocument(GetDocumentRequest request, ServerCallContext context)
    {
        CheckKey(context);
        var document = Find(request.Collection, request.Id);
        return Task.FromResult(new GetDocumentResponse { Document = document, Events = { EventOf(document) } });
    }

    public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context)
    {
        CheckKey(context);
        CheckAway();
        var start = request.PageToken.Length > 0 ? int.Parse(request.PageToken, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var size = request.PageSize > 0 ? request.PageSize : 100;
        var found = documents.Values
            .Where(document => (request.Collection.Length == 0 || document.Collection == request.Collection) && (request.State == DocumentState.Unspecified || document.State == request.State))
            .OrderBy(document => document.Id, StringComparer.Ordinal).ToArray();
        var next = start + size < found.Length ? (start + size).ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        return Task.FromResult(new ListDocumentsResponse { Documents = { found.Skip(start).Take(size) }, TotalCount = found.Length, NextPageToken = next });
    }

    public override Task<DeleteDocumentResponse> DeleteDocument(DeleteDocumentRequest request, ServerCallContext context)
    {
        CheckKey(context);
        var document = Find(request.Collection, request.Id);
        documents.TryRemove($"{document.Collection}/{document.Id}", out _);
        document.State = DocumentState.Deleted;
        Changes.Enqueue($"delete {document.Id}");
        return Task.FromResult(new DeleteDocumentResponse { Document = document });
    }

    public override async Task WatchDocument(WatchDocumentRequest request, IServerStreamWriter<WatchDocumentResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        CheckRestart("WatchDocument");
        await HangAsync(context);
        await IndexAsync(request, context.CancellationToken);
        var document = Find(request.Collection, request.Id);
        await responseStream.WriteAsync(new WatchDocumentResponse { Event = new DocumentEvent { Sequence = 1, Version = 1, State = DocumentState.Received } });
        await responseStream.WriteAsync(new WatchDocumentResponse { Event = EventOf(document) });
    }

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        CheckKey(context);
        Searches.Enqueue(request);
        return Task.FromResult(new SearchResponse { Hits = { Hits.Take(request.TopK) }, Timings = { new Timing { Part = "search", Milliseconds = 1.5 } } });
    }

    public override async Task Ask(AskRequest request, IServerStreamWriter<AskResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        Questions.Enqueue(request);
        await HangAsync(context);
        foreach (var part in Answer)
        {
            await responseStream.WriteAsync(part);
        }
    }

    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        CheckKey(context);
        return Task.FromResult(new GetStatusResponse
        {
            Version = "0.1.0",
            Tenant = "tests",
            Services = { new ServiceStatus { Service = "ingestion", Healthy = true } },
            Documents = { new DocumentCount { State = DocumentState.Indexed, Count = documents.Count } },
        });
    }

    private PutDocumentResponse Put(DocumentHeader header, byte[] content, ServerCallContext context)
    {
        CheckKey(context);
        CheckAway();
        CheckRestart("PutDocument");
        Received.Enqueue(header);
        if (content.Length == 0)
        {
            throw new ServiceException(FailureKind.InvalidArgument, "EMPTY_CONTENT", "content: is empty.") { Field = "content", Remedy = "Send at least one character." }.ToRpcException();
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        var key = $"{header.Collection}/{header.Id}";
        if (documents.TryGetValue(key, out var before) && before.ContentHash == hash && before.Metadata.Equals(header.Metadata))
        {
            return new PutDocumentResponse { Document = before, Unchanged = true };
        }

        var fails = header.Id.Contains(FailingWord, StringComparison.Ordinal);
        var document = new Document
        {
            Collection = header.Collection,
            Id = header.Id,
            Title = header.Title,
            Uri = header.Uri,
            ContentType = header.ContentType,
            ContentHash = hash,
            ContentBytes = content.Length,
            BatchId = header.BatchId,
            Version = (before?.Version ?? 0) + 1,
            ChunkCount = 3,
            State = fails ? DocumentState.Failed : DocumentState.Indexed,
            Failure = fails ? new DocumentFailure { Step = "extracting", Code = "NO_TEXT", Reason = "content: holds no text.", Remedy = "Send text.", Attempts = 1 } : null,
            Metadata = { header.Metadata },
            UpdatedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
        };
        documents[key] = Hold(document);
        Changes.Enqueue($"put {document.Id}");
        return new PutDocumentResponse { Document = document };
    }

    private Document Find(string collection, string id) =>
        documents.TryGetValue($"{(collection.Length > 0 ? collection : "default")}/{id}", out var document)
            ? document
            : throw new ServiceException(FailureKind.NotFound, "DOCUMENT_NOT_FOUND", $"There is no document '{id}' in the collection '{collection}'.").ToRpcException();

    private static DocumentEvent EventOf(Document document) =>
        new() { Sequence = 2, Version = document.Version, State = document.State, Failure = document.Failure, Detail = "3 chunks", TraceId = "0123456789abcdef0123456789abcdef" };

    private async Task HangAsync(ServerCallContext context)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }
    }

    private void CheckRestart(string method)
    {
        if (Restarting.TryRemove(method, out _))
        {
            throw new ServiceException(FailureKind.Unavailable, "DEPENDENCY_UNAVAILABLE", "The ingestion service cannot be reached.") { RetryDelay = TimeSpan.FromMilliseconds(10) };
        }
    }

    private static void CheckKey(ServerCallContext context)
    {
        var authorization = context.RequestHeaders.GetValue("authorization");
        if (authorization != $"Bearer {Key}" && context.RequestHeaders.GetValue("x-api-key") != Key)
        {
            throw new ServiceException(FailureKind.Unauthenticated, "UNKNOWN_KEY", "The API key is unknown.") { Remedy = "Give a known one." }.ToRpcException();
        }
    }
}
