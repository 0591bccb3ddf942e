using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Retrieval.Tests;

/// <summary>Answers everything with the first axis, and remembers what it was asked.</summary>
internal sealed class FakeEmbeddingService : EmbeddingService.EmbeddingServiceBase
{
    public ConcurrentQueue<EmbedRequest> Requests { get; } = new();

    public int Dimension { get; set; } = Batches.Dimension;

    /// <summary>In place of the first axis.</summary>
    public byte[]? Vector { get; set; }

    public ServiceException? Failure { get; set; }

    /// <summary>Of the models named here, in place of <see cref="Dimension"/>.</summary>
    public Dictionary<string, int> Dimensions { get; } = new(StringComparer.Ordinal);

    /// <summary>Awaited by each call.</summary>
    public Func<EmbedRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<RerankRequest> Reranks { get; } = new();

    /// <summary>A passage's logit.</summary>
    public Func<Passage, double> Logit { get; set; } = _ => 0;

    public ServiceException? RerankFailure { get; set; }

    /// <summary>What a call waits for, once it is noted.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public override async Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        await Gate.WaitAsync(context.CancellationToken);
        await Before(request);
        if (Failure is not null)
        {
            throw Failure;
        }

        var dimension = Dimensions.GetValueOrDefault(request.Model, Dimension);
        var embedding = new Embedding { Vector = ByteString.CopyFrom(Vector ?? Batches.Vector(0, dimension)), Tokens = 3 };
        return new EmbedResponse
        {
            Model = request.Model, Dimension = dimension, ModelMilliseconds = 1.5,
            Embeddings = { Enumerable.Repeat(embedding, request.Texts.Count + request.Passages.Count) },
        };
    }

    public override Task<RerankResponse> Rerank(RerankRequest request, ServerCallContext context)
    {
        Reranks.Enqueue(request);
        if (RerankFailure is not null)
        {
            throw RerankFailure;
        }

        var logits = request.Passages.Select(Logit);
        return Task.FromResult(new RerankResponse
        {
            Model = request.Model, ModelMilliseconds = 2.5,
            Scores = { logits.Select(logit => new RerankScore { Logit = logit, Probability = 1 / (1 + Math.Exp(-logit)), Tokens = 9, UnseenPassageTokens = 4 }) },
        });
    }
}
