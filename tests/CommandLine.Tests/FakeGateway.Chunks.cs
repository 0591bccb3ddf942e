using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.CommandLine.Tests;

internal sealed partial class FakeGateway
{
    public PreviewChunksRequest? Previewed { get; private set; }

    public override async Task PreviewChunks(PreviewChunksRequest request, IServerStreamWriter<PreviewChunksResponse> responseStream, ServerCallContext context)
    {
        CheckKey(context);
        Previewed = request;
        await responseStream.WriteAsync(new PreviewChunksResponse
        {
            Preview = new ChunksPreview
            {
                Title = "Guide", ContentType = "text/markdown", TextCharacters = 33, ChunkCount = 2, Model = "letters", ChunkingHash = "abc",
                Chunking = request.Chunking ?? new ChunkingSettings { Strategy = ChunkingStrategy.Structure, MaxTokens = 200 }, Warnings = { "A picture was left out." },
            },
            Chunks = { new PreviewedChunk { Ordinal = 0, Text = "One is [here]. Two is here.", StartOffset = 0, EndOffset = 27, TokenCount = 8, HeadingPath = { "Guide", "Name | Amount" }, Location = "page 1", ParentEndOffset = 33 } },
        });
        await responseStream.WriteAsync(new PreviewChunksResponse
        {
            Chunks = { new PreviewedChunk { Ordinal = 1, Text = "Two is here. Three.", StartOffset = 15, EndOffset = 33, TokenCount = 5, ParentEndOffset = 33 } },
        });
    }
}
