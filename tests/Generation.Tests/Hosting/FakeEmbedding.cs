using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Generation.Tests.Hosting;

/// <summary>A real, if simple, embedding: words hashed into a unit vector. Within the real service's limits.</summary>
internal sealed class FakeEmbedding(Library library) : EmbeddingService.EmbeddingServiceBase
{
    public override Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context)
    {
        request.Kind.ShouldNotBe(EmbedKind.Unspecified);
        request.Texts.Count.ShouldBeInRange(1, 256);
        request.Texts.ShouldAllBe(text => text.Length >= 1 && text.Length <= 32_768);
        return Task.FromResult(new EmbedResponse
        {
            Model = "words",
            Dimension = library.Embed("any").Length,
            Embeddings = { request.Texts.Select(text => new Protos.Embedding.V1.Embedding { Vector = ByteString.CopyFrom(MemoryMarshal.AsBytes(library.Embed(text).AsSpan())) }) },
            ModelMilliseconds = 0.01,
        });
    }
}
