using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>Reads a document back, with chunks and vectors.</summary>
internal static class DocumentReading
{
    private const int ChunksPerPage = 100;

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The server has not all of its chunks: half a document is never handed on.</exception>
    public static async Task<IndexedDocument?> ReadAsync(QdrantIndex index, string documentId, CancellationToken cancellationToken)
    {
        using var reading = index.Visible.Read();
        if (!reading.Documents.TryGetValue(documentId, out var visible))
        {
            return null;
        }

        var chunks = new List<IndexedChunk>(visible.ChunkCount);
        IndexedDocument? document = null;
        var filter = index.Scope.ChunksOf(documentId, visible.Revision);
        await foreach (var point in index.Client.ScrollAllAsync(index.Name, filter, ChunksPerPage, PayloadKeys.Content, [PointVectors.DenseName], cancellationToken))
        {
            var payload = point.Payload ?? new PointPayload();
            document ??= PointMapping.Document(payload);
            chunks.Add(PointMapping.Chunk(payload, point.Vector?.Dense ?? default));
        }

        if (chunks.Count != visible.ChunkCount)
        {
            throw QdrantErrors.Incomplete(index.Name, documentId, chunks.Count, visible.ChunkCount);
        }

        document ??= await WithoutChunksAsync(index, documentId, cancellationToken);
        return document is null ? null : document with { Chunks = [.. chunks.OrderBy(chunk => chunk.Ordinal)] };
    }

    /// <summary>Only a document that has no chunks is read from its own point: that one may be a later revision's already.</summary>
    private static async Task<IndexedDocument?> WithoutChunksAsync(QdrantIndex index, string documentId, CancellationToken cancellationToken)
    {
        var points = await index.Client.RetrieveAsync(index.Name, new RetrievePoints([PointIds.Document(documentId)], PayloadKeys.Content, null), cancellationToken);
        return points is [{ Payload: { } payload }] ? PointMapping.Document(payload) : null;
    }
}
