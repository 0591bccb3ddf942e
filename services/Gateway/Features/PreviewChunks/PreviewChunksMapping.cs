using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.PreviewChunks;

internal static class PreviewChunksMapping
{
    public static Downstream.PreviewChunksRequest ToIngestion(this V1.PreviewChunksRequest request, string tenant) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(request.Collection),
        Uri = request.Uri,
        ContentType = request.ContentType,
        Content = request.Content,
        Chunking = request.Chunking,
        DocumentId = request.DocumentId,
        Version = request.Version,
    };

    public static V1.PreviewChunksResponse ToGateway(this Downstream.PreviewChunksResponse response) => new()
    {
        Preview = response.Preview?.ToGateway(),
        Chunks = { response.Chunks.Select(ToGateway) },
    };

    private static V1.ChunksPreview ToGateway(this Downstream.ChunksPreview preview) => new()
    {
        Title = preview.Title,
        ContentType = preview.ContentType,
        TextCharacters = preview.TextCharacters,
        ChunkCount = preview.ChunkCount,
        Model = preview.Model,
        ChunkingHash = preview.ChunkingHash,
        Chunking = preview.Chunking,
        Warnings = { preview.Warnings },
    };

    private static V1.PreviewedChunk ToGateway(Downstream.PreviewedChunk chunk) => new()
    {
        Ordinal = chunk.Ordinal,
        Text = chunk.Text,
        StartOffset = chunk.StartOffset,
        EndOffset = chunk.EndOffset,
        TokenCount = chunk.TokenCount,
        HeadingPath = { chunk.HeadingPath },
        Location = chunk.Location,
        ParentStartOffset = chunk.ParentStartOffset,
        ParentEndOffset = chunk.ParentEndOffset,
    };
}
