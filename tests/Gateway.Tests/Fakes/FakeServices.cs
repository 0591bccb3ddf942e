using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Generation.V1;
using RagPlatform.Protos.Ingestion.V1;
using Embedders = RagPlatform.Protos.Embedding.V1;
using Generators = RagPlatform.Protos.Generation.V1;
using Retrievers = RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Gateway.Tests.Fakes;

/// <summary>What the services behind the gateway saw and what they are to answer. They speak the real protocol.</summary>
internal sealed class FakeServices
{
    private readonly ConcurrentQueue<string> _tenants = new();

    /// <summary>The tenant of every call that arrived, in order.</summary>
    public IReadOnlyList<string> Tenants => [.. _tenants];

    public Func<Retrievers.SearchRequest, ServerCallContext, Task<Retrievers.SearchResponse>> Search { get; set; } = (_, _) => Task.FromResult(new Retrievers.SearchResponse());

    public Func<AnswerRequest, IServerStreamWriter<AnswerResponse>, ServerCallContext, Task> Answer { get; set; } = (_, _, _) => Task.CompletedTask;

    public Func<IAsyncStreamReader<UploadDocumentRequest>, ServerCallContext, Task<PutDocumentResponse>> Upload { get; set; } = ReadAllAsync;

    public Func<WatchDocumentRequest, IServerStreamWriter<WatchDocumentResponse>, ServerCallContext, Task> Watch { get; set; } = (_, _, _) => Task.CompletedTask;

    public Func<ListDocumentsRequest, ListDocumentsResponse> List { get; set; } = _ => new ListDocumentsResponse();

    public Func<PutDocumentRequest, PutDocumentResponse> Put { get; set; } = request => new PutDocumentResponse { Document = new Document { Collection = request.Header.Collection } };

    public Func<GetDocumentRequest, GetDocumentResponse> Get { get; set; } = request => new GetDocumentResponse { Document = new Document { Id = request.Id } };

    /// <summary>Where passages stand; nothing is found unless it is told.</summary>
    public Func<ReadPassagesRequest, ReadPassagesResponse> ReadPassages { get; set; } = request => new ReadPassagesResponse { Passages = { request.Ranges.Select(_ => new RagPlatform.Protos.Ingestion.V1.Passage()) } };

    public Func<PreviewChunksRequest, IServerStreamWriter<PreviewChunksResponse>, Task> Preview { get; set; } = (_, _) => Task.CompletedTask;

    public Func<ReadChunksRequest, IServerStreamWriter<ReadChunksResponse>, Task> ReadChunks { get; set; } = (_, _) => Task.CompletedTask;

    public Func<IAsyncStreamReader<DistillModelRequest>, IServerStreamWriter<DistillModelResponse>, ServerCallContext, Task> Distill { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>How many documents DeleteCollection finds in the registry.</summary>
    public Func<DeleteCollectionRequest, DeleteCollectionResponse> DeleteDocuments { get; set; } = _ => new DeleteCollectionResponse();

    /// <summary>Answers the retrieval service's calls other than Search, by the request's type; empty answers where there is none.</summary>
    public ConcurrentDictionary<Type, Func<IMessage, IMessage>> Retrieval { get; } = new();

    /// <summary>Answers the ingestion service's calls that only pass through, by the request's type; empty answers where there is none.</summary>
    public ConcurrentDictionary<Type, Func<IMessage, IMessage>> Ingestion { get; } = new();

    /// <summary>What arrived at the registry and the indexes, by type, in order; Search left out.</summary>
    public ConcurrentQueue<IMessage> CollectionRequests { get; } = new();

    /// <summary>The deadlines of <see cref="CollectionRequests"/>, in order.</summary>
    public ConcurrentQueue<DateTime> CollectionDeadlines { get; } = new();

    /// <summary>What arrived at the embedding service about one model, in order.</summary>
    public ConcurrentQueue<IMessage> ModelRequests { get; } = new();

    public ShowModelResponse Model { get; set; } = new() { Model = new Embedders.Model { Id = "m" } };

    public VerifyModelResponse Verified { get; set; } = new();

    public void Saw(string tenant) => _tenants.Enqueue(tenant);

    private static async Task<PutDocumentResponse> ReadAllAsync(IAsyncStreamReader<UploadDocumentRequest> pieces, ServerCallContext context)
    {
        long bytes = 0;
        await foreach (var piece in pieces.ReadAllAsync(context.CancellationToken))
        {
            bytes += piece.Content.Length;
        }

        return new PutDocumentResponse { Document = new Document { ContentBytes = bytes } };
    }
}

internal sealed partial class FakeIngestion(FakeServices fakes) : IngestionService.IngestionServiceBase
{
    public override Task<PutDocumentResponse> PutDocument(PutDocumentRequest request, ServerCallContext context) =>
        Saw(request.Header.Tenant, () => fakes.Put(request));

    public override async Task<PutDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        fakes.Saw(requestStream.Current.Header.Tenant);
        return await fakes.Upload(requestStream, context);
    }

    public override async Task<StageContentResponse> StageContent(IAsyncStreamReader<StageContentRequest> requestStream, ServerCallContext context)
    {
        await requestStream.MoveNext(context.CancellationToken);
        fakes.Saw(requestStream.Current.Tenant);
        var pieces = new List<int>();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            pieces.Add(requestStream.Current.Content.Length);
        }

        return new StageContentResponse { ContentRef = string.Join(' ', pieces), ContentBytes = pieces.Sum() };
    }

    public override Task<GetDocumentResponse> GetDocument(GetDocumentRequest request, ServerCallContext context) =>
        Saw(request.Tenant, () => fakes.Get(request));

    public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context) =>
        Saw(request.Tenant, () => fakes.List(request));

    public override Task<CountDocumentsResponse> CountDocuments(CountDocumentsRequest request, ServerCallContext context) =>
        Saw(request.Tenant, () => new CountDocumentsResponse { Counts = { new DocumentCount { State = DocumentState.Indexed, Count = 3 } } });

    public override Task<DeleteDocumentResponse> DeleteDocument(DeleteDocumentRequest request, ServerCallContext context) =>
        Saw(request.Tenant, () => new DeleteDocumentResponse { Document = new Document { Id = request.Id } });

    public override Task<DeleteCollectionResponse> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context)
    {
        fakes.CollectionRequests.Enqueue(request);
        fakes.CollectionDeadlines.Enqueue(context.Deadline);
        return Saw(request.Tenant, () => fakes.DeleteDocuments(request));
    }

    public override Task WatchDocument(WatchDocumentRequest request, IServerStreamWriter<WatchDocumentResponse> responseStream, ServerCallContext context)
    {
        fakes.Saw(request.Tenant);
        return fakes.Watch(request, responseStream, context);
    }

    public override Task<ReadPassagesResponse> ReadPassages(ReadPassagesRequest request, ServerCallContext context) =>
        Saw(request.Tenant, () => fakes.ReadPassages(request));

    public override Task PreviewChunks(PreviewChunksRequest request, IServerStreamWriter<PreviewChunksResponse> responseStream, ServerCallContext context)
    {
        fakes.Saw(request.Tenant);
        return fakes.Preview(request, responseStream);
    }

    public override Task ReadChunks(ReadChunksRequest request, IServerStreamWriter<ReadChunksResponse> responseStream, ServerCallContext context)
    {
        fakes.Saw(request.Tenant);
        return fakes.ReadChunks(request, responseStream);
    }

    private Task<T> Saw<T>(string tenant, Func<T> answer)
    {
        fakes.Saw(tenant);
        return Task.FromResult(answer());
    }
}

internal sealed class FakeGeneration(FakeServices fakes) : GenerationService.GenerationServiceBase
{
    public override Task Answer(AnswerRequest request, IServerStreamWriter<AnswerResponse> responseStream, ServerCallContext context)
    {
        fakes.Saw(request.Tenant);
        return fakes.Answer(request, responseStream, context);
    }

    public override Task<Generators.ListModelsResponse> ListModels(Generators.ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new Generators.ListModelsResponse { Models = { new Generators.Model { Id = "extractive", IsDefault = true } } });
}

internal sealed class FakeEmbedding(FakeServices fakes) : EmbeddingService.EmbeddingServiceBase
{
    public override Task<Embedders.ListModelsResponse> ListModels(Embedders.ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new Embedders.ListModelsResponse
        {
            Models = { new Embedders.Model { Id = "all-MiniLM-L6-v2", Kind = "encoder", State = "missing", Dimension = 384, MaxTokens = 256 } },
            Problems = { "models.json: models[0] is left out." },
        });

    public override async Task PullModel(PullModelRequest request, IServerStreamWriter<PullModelResponse> responseStream, ServerCallContext context)
    {
        fakes.ModelRequests.Enqueue(request);
        await responseStream.WriteAsync(new PullModelResponse { Step = "downloading", DoneBytes = 1, TotalBytes = 2 });
        await responseStream.WriteAsync(new PullModelResponse { Step = "ready", Detail = request.Model, Model = request.Name });
    }

    public override Task DistillModel(IAsyncStreamReader<DistillModelRequest> requestStream, IServerStreamWriter<DistillModelResponse> responseStream, ServerCallContext context) =>
        fakes.Distill(requestStream, responseStream, context);

    public override Task<ShowModelResponse> ShowModel(ShowModelRequest request, ServerCallContext context)
    {
        fakes.ModelRequests.Enqueue(request);
        return Task.FromResult(fakes.Model);
    }

    public override Task<RemoveModelResponse> RemoveModel(RemoveModelRequest request, ServerCallContext context)
    {
        fakes.ModelRequests.Enqueue(request);
        return Task.FromResult(new RemoveModelResponse { FreedBytes = 7 });
    }

    public override async Task VerifyModel(VerifyModelRequest request, IServerStreamWriter<VerifyModelResponse> responseStream, ServerCallContext context)
    {
        fakes.ModelRequests.Enqueue(request);
        await responseStream.WriteAsync(fakes.Verified);
    }
}
