using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Contracts.Retrieval;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>The embedding service's side of a document's way: a vocabulary of single letters, so that a letter is a token.</summary>
internal sealed class FakeEmbedding : EmbeddingService.EmbeddingServiceBase
{
    private int _failures;
    private volatile string? _absent;

    public int Calls { get; private set; }

    /// <summary>Refused by name.</summary>
    public string? UnknownModel { get; set; }

    /// <summary>In place of the letters' vocabulary.</summary>
    public GetTokenizerResponse? Tokenizer { get; set; }

    /// <summary>Streamed in parts of 5 bytes.</summary>
    public byte[] TokenizerFile { get; set; } = [];

    public void FailNext(int calls) => _failures = calls;

    /// <summary>This one is not there yet.</summary>
    public void FailModel(string? model) => _absent = model;

    public override Task<GetTokenizerResponse> GetTokenizer(GetTokenizerRequest request, ServerCallContext context)
    {
        Calls++;
        if (UnknownModel is not null && request.Model == UnknownModel)
        {
            throw new ServiceException(FailureKind.NotFound, "MODEL_UNKNOWN", $"model: '{request.Model}' is unknown.");
        }

        if (_failures-- > 0 || (_absent is { } absent && request.Model == absent))
        {
            throw new ServiceException(FailureKind.Unavailable, "STARTING", "The model is being loaded.");
        }

        if (Tokenizer is not null)
        {
            return Task.FromResult(Tokenizer);
        }

        var letters = "abcdefghijklmnopqrstuvwxyz0123456789".SelectMany(letter => new[] { $"{letter}", $"##{letter}" });
        return Task.FromResult(new GetTokenizerResponse
        {
            Model = request.Model.Length > 0 ? request.Model : "letters",
            Kind = "wordpiece",
            Vocabulary = ByteString.CopyFromUtf8(string.Join('\n', ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ".", .. letters])),
            LowerCase = true,
            MaxTokens = 256,
            Dimension = 1,
        });
    }

    public override async Task ReadTokenizer(ReadTokenizerRequest request, IServerStreamWriter<ReadTokenizerResponse> responseStream, ServerCallContext context)
    {
        foreach (var part in TokenizerFile.Chunk(5))
        {
            await responseStream.WriteAsync(new ReadTokenizerResponse { Part = ByteString.CopyFrom(part) });
        }
    }
}

/// <summary>The retrieval service's side: which model a collection has.</summary>
internal sealed class FakeRetrieval : RetrievalService.RetrievalServiceBase
{
    private int _failures;

    /// <summary>Of each collection; empty for one that is not there.</summary>
    public ConcurrentDictionary<string, string> Models { get; } = new();

    /// <summary>Of each collection; the service's defaults where there is none.</summary>
    public ConcurrentDictionary<string, ChunkingSettings> Chunkings { get; } = new();

    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What the index holds, by collection and document id.</summary>
    public ConcurrentDictionary<(string Collection, string Id), IndexedDocumentStanding> Indexed { get; } = new();

    /// <summary>Called before what the index holds is told.</summary>
    public Action? BeforeListing { get; set; }

    public void FailNext(int calls) => _failures = calls;

    /// <summary>Holds a version as the real index would.</summary>
    public void Hold(string id, long version, int chunks, string collection = "docs") => Indexed[(collection, id)] =
        new IndexedDocumentStanding { DocumentId = id, VisibleVersion = version, ChunkCount = chunks, HeldVersion = version, HeldChunkCount = chunks };

    public override async Task ListIndexedDocuments(
        ListIndexedDocumentsRequest request, IServerStreamWriter<ListIndexedDocumentsResponse> responseStream, ServerCallContext context)
    {
        BeforeListing?.Invoke();
        foreach (var (_, document) in Indexed.Where(entry =>
            entry.Key.Collection == request.Collection && (request.DocumentIds.Count == 0 || request.DocumentIds.Contains(entry.Key.Id))))
        {
            await responseStream.WriteAsync(new ListIndexedDocumentsResponse { Documents = { document } });
        }
    }

    public override Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListCollectionsResponse
        {
            Collections = { Indexed.Keys.Select(key => key.Collection).Distinct().Select(name => new Protos.Search.V1.Collection { Name = name }) },
        });

    public override Task<GetCollectionModelResponse> GetCollectionModel(GetCollectionModelRequest request, ServerCallContext context)
    {
        Asked.Enqueue($"{request.Tenant}/{request.Collection}");
        return _failures-- > 0
            ? throw new ServiceException(FailureKind.Unavailable, "INDEX_OPENING", "The indexes are being opened.")
            : Task.FromResult(new GetCollectionModelResponse
            {
                Model = Models.GetValueOrDefault(request.Collection, ""), Chunking = Chunkings.GetValueOrDefault(request.Collection),
            });
    }
}

/// <summary>What the embedding and retrieval services do on the bus, and what they saw.</summary>
internal sealed class FakeDownstream
{
    public ConcurrentQueue<ChunksPrepared> Prepared { get; } = new();

    /// <summary>Chunk ids in the fake index.</summary>
    public ConcurrentDictionary<string, string> Index { get; } = new();

    /// <summary>Thrown while set.</summary>
    public string? EmbeddingFailure { get; set; }

    /// <summary>What is refused for the moment, as by a full disk, is counted down.</summary>
    public int TransientFailures { get; set; }

    /// <summary>Takes messages and does nothing with them, as a service that is killed before it answers.</summary>
    public bool IsKilled { get; set; }

    private readonly ConcurrentDictionary<(DocumentKey, long), ConcurrentDictionary<int, bool>> _batches = new();

    /// <summary>As an index does that has set a damaged file aside.</summary>
    public void Lose(DocumentKey document, long version) => _batches.TryRemove((document, version), out _);

    public bool IsComplete(ChunksEmbedded message) =>
        _batches.GetOrAdd((message.Document, message.Version), _ => new()).TryAdd(message.BatchIndex, true)
        & _batches[(message.Document, message.Version)].Count == message.BatchCount;
}

internal sealed class FakeDownstreamConsumer(FakeDownstream downstream) : IConsumer<ChunksPrepared>, IConsumer<ChunksEmbedded>, IConsumer<DocumentDeletionRequested>
{
    public async Task Consume(ConsumeContext<ChunksPrepared> context)
    {
        var message = context.Message;
        downstream.Prepared.Enqueue(message);
        if (downstream.EmbeddingFailure is { } failure)
        {
            throw new InvalidOperationException(failure);
        }

        FailForTheMoment();
        if (downstream.IsKilled)
        {
            return;
        }

        await context.Publish(new ChunksEmbedded
        {
            Document = message.Document, Version = message.Version, ContentHash = message.ContentHash, Title = message.Title, Uri = message.Uri,
            Metadata = message.Metadata, BatchIndex = message.BatchIndex, BatchCount = message.BatchCount, ChunkCount = message.ChunkCount,
            Model = message.Model, Dimension = 1,
            Chunks =
            [
                .. message.Chunks.Select(chunk => new EmbeddedChunk
                {
                    ChunkId = chunk.ChunkId, Ordinal = chunk.Ordinal, Text = chunk.Text, StartOffset = chunk.StartOffset, EndOffset = chunk.EndOffset,
                    HeadingPath = chunk.HeadingPath, Vector = [0, 0, 128, 63], UnseenTokens = 0,
                }),
            ],
        });
        await context.Publish(new BatchesEmbedded([new(message.Document, message.Version, message.BatchIndex, message.BatchCount, Activity.Current?.Id)]));
    }

    public async Task Consume(ConsumeContext<ChunksEmbedded> context)
    {
        var message = context.Message;
        foreach (var chunk in message.Chunks)
        {
            downstream.Index[chunk.ChunkId] = chunk.Text;
        }

        if (downstream.IsComplete(message))
        {
            await context.Publish(new DocumentsIndexed([new(message.Document, message.Version, message.ContentHash, message.ChunkCount, message.Model, Activity.Current?.Id)]));
        }
    }

    public Task Consume(ConsumeContext<DocumentDeletionRequested> context)
    {
        FailForTheMoment();
        return context.Publish(new DocumentUnindexed(context.Message.Document, context.Message.Version));
    }

    private void FailForTheMoment()
    {
        if (downstream.TransientFailures-- > 0)
        {
            throw new ServiceException(FailureKind.Unavailable, "INDEX_NOT_WRITTEN", "The disk is full.");
        }
    }
}

/// <summary>Both services that are asked, behind one address.</summary>
internal static class FakeNeighbours
{
    public static Task<TestServer> StartAsync(FakeEmbedding embedding, FakeRetrieval retrieval) =>
        TestServer.StartAsync(
            builder => builder.Services.AddSingleton(embedding).AddSingleton(retrieval),
            app =>
            {
                app.MapGrpcService<FakeEmbedding>();
                app.MapGrpcService<FakeRetrieval>();
            });
}
