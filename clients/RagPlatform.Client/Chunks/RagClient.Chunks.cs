using Google.Protobuf;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Cuts a document as a collection, or other settings, would have it. Nothing is stored.</summary>
    /// <exception cref="RagException">InvalidArgument: the content cannot be read, or is too large. NotFound: the stored document.</exception>
    public async Task<ChunkPreview> PreviewChunksAsync(ChunkPreviewRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        V1.ChunksPreview? preview = null;
        var chunks = new List<PreviewedChunk>();
        await foreach (var response in StreamAsync(options => _gateway.PreviewChunks(ToRequest(request), options), cancellationToken).ConfigureAwait(false))
        {
            preview ??= response.Preview;
            chunks.AddRange(response.Chunks.Select(ToChunk));
        }

        preview ??= new V1.ChunksPreview();
        return new ChunkPreview
        {
            Title = preview.Title,
            ContentType = preview.ContentType,
            TextCharacters = preview.TextCharacters,
            Model = preview.Model,
            ChunkingHash = preview.ChunkingHash,
            Chunking = preview.Chunking?.ToSettings() ?? new ChunkingSettings(),
            Warnings = preview.Warnings,
            Chunks = chunks,
        };
    }

    private static V1.PreviewChunksRequest ToRequest(ChunkPreviewRequest request) => new()
    {
        Collection = request.Collection,
        Uri = request.Uri,
        ContentType = request.ContentType,
        Content = UnsafeByteOperations.UnsafeWrap(request.Content),
        DocumentId = request.DocumentId,
        Version = request.Version,
        Chunking = request.Chunking?.ToRequest(),
    };

    private static PreviewedChunk ToChunk(V1.PreviewedChunk chunk) => new()
    {
        Ordinal = chunk.Ordinal,
        Text = chunk.Text,
        StartOffset = chunk.StartOffset,
        EndOffset = chunk.EndOffset,
        TokenCount = chunk.TokenCount,
        HeadingPath = chunk.HeadingPath,
        Location = chunk.Location,
        ParentStartOffset = chunk.ParentEndOffset > 0 ? chunk.ParentStartOffset : null,
        ParentEndOffset = chunk.ParentEndOffset > 0 ? chunk.ParentEndOffset : null,
    };
}
