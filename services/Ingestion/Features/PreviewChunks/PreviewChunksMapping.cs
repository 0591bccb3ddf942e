using RagPlatform.Documents;
using RagPlatform.Ingestion.Features.ProcessDocument;
using Proto = RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.PreviewChunks;

internal static class PreviewChunksMapping
{
    private const int MaxChunks = 256;

    /// <summary>UTF-16 code units of text in a message.</summary>
    private const int MaxCharacters = 256 * 1024;

    public static PreviewRequest ToDomain(this Proto.PreviewChunksRequest request) => new(
        request.Tenant, request.Collection, request.Uri, request.ContentType, request.Content.Memory, request.Chunking is null ? null : request.Chunking.ToChunking(),
        request.DocumentId, request.Version);

    /// <summary>What there is to say of the whole, then the chunks, in messages of a bounded size.</summary>
    public static IEnumerable<Proto.PreviewChunksResponse> ToResponses(this ChunksPreview preview)
    {
        var message = new Proto.PreviewChunksResponse { Preview = preview.ToProto() };
        var characters = 0;
        foreach (var chunk in preview.Chunks)
        {
            var length = chunk.EndOffset - chunk.StartOffset;
            if (message.Chunks.Count == MaxChunks || characters + length > MaxCharacters)
            {
                yield return message;
                message = new Proto.PreviewChunksResponse();
                characters = 0;
            }

            message.Chunks.Add(ToProto(chunk, preview.Document.Text));
            characters += length;
        }

        yield return message;
    }

    private static Proto.ChunksPreview ToProto(this ChunksPreview preview) => new()
    {
        Title = preview.Document.Title,
        ContentType = preview.ContentType,
        TextCharacters = preview.Document.Text.Length,
        ChunkCount = preview.Chunks.Count,
        Model = preview.Model,
        ChunkingHash = preview.ChunkingHash,
        Chunking = preview.Sizes.ToProto(),
        Warnings = { preview.Document.Warnings },
    };

    private static Proto.PreviewedChunk ToProto(Chunk chunk, string text) => new()
    {
        Ordinal = chunk.Ordinal,
        Text = text[chunk.StartOffset..chunk.EndOffset],
        StartOffset = chunk.StartOffset,
        EndOffset = chunk.EndOffset,
        TokenCount = chunk.TokenCount,
        HeadingPath = { chunk.HeadingPath },
        Location = LocationText.Of(chunk.FirstLocation, chunk.LastLocation),
        ParentStartOffset = chunk.Parent?.Start ?? 0,
        ParentEndOffset = chunk.Parent?.End ?? 0,
    };
}
