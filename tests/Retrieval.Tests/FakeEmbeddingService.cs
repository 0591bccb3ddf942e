using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Retrieval.Tests;

/// <summary>Answers every query with the first axis, and remembers what it was asked.</summary>
internal sealed class FakeEmbeddingService : EmbeddingService.EmbeddingServiceBase
{
    public ConcurrentQueue<EmbedRequest> Requests { get; } = new();

    public int Dimension { get; set; } = Batches.Dimension;

    /// <summary>In place of the first axis.</summary>
    public byte[]? Vector { get; set; }

    public ServiceException? Failure { get; set; }

    public override Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (Failure is not null)
        {
            throw Failure;
        }

        var vector = ByteString.CopyFrom(Vector ?? Batches.Vector(0, Dimension));
        return Task.FromResult(new EmbedResponse
        {
            Model = request.Model, Dimension = Dimension, ModelMilliseconds = 1.5, Embeddings = { new Embedding { Vector = vector, Tokens = 3 } },
        });
    }
}
