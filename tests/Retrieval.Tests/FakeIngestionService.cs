using System.Globalization;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Retrieval.Tests;

/// <summary>Cuts every document into three chunks that say so.</summary>
internal sealed class FakeIngestionService : IngestionService.IngestionServiceBase
{
    /// <summary>Of a document whose text is not kept.</summary>
    public string? Missing { get; set; }

    /// <summary>The last settings that documents were to be cut by.</summary>
    public Protos.Search.V1.ChunkingSettings? Chunking { get; private set; }

    /// <summary>What documents are cut by.</summary>
    public Func<string, string> ChunkingHashOf { get; set; } = _ => "";

    public override async Task ReadChunks(ReadChunksRequest request, IServerStreamWriter<ReadChunksResponse> responseStream, ServerCallContext context)
    {
        Chunking = request.Chunking;
        request.KeepParents.ShouldBeTrue();
        if (request.DocumentId == Missing)
        {
            throw new ServiceException(FailureKind.NotFound, "VERSION_NOT_FOUND", "version: it is not kept.");
        }

        for (var ordinal = 0; ordinal < 3; ordinal++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{request.DocumentId}-{request.Version}-again{ordinal}");
            var chunk = new PreparedChunk { ChunkId = id, Ordinal = ordinal, Text = $"rechunked {request.DocumentId}", StartOffset = ordinal, EndOffset = ordinal + 1 };
            await responseStream.WriteAsync(new ReadChunksResponse { Chunks = { chunk }, ChunkingHash = ChunkingHashOf(request.DocumentId) }, context.CancellationToken);
        }
    }
}
