using Grpc.Core;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>A stored version's chunks by its collection's settings, from the registry.</summary>
internal sealed class ChunkReadingClient(IngestionService.IngestionServiceClient client, Collections collections)
{
    /// <returns>Chunks without vectors, and the hash of what they were cut by.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">The registry does not keep the version any more, or failed.</exception>
    public async Task<(IReadOnlyList<IndexedChunk> Chunks, string ChunkingHash)> ReadAsync(
        CollectionKey collection, string documentId, long version, string model, CancellationToken cancellationToken)
    {
        var request = new ReadChunksRequest
        {
            Tenant = collection.Tenant.Name, Collection = collection.Name, DocumentId = documentId, Version = version, Model = model,
            Chunking = collections.FindOwn(collection)?.Defaults.Chunking.ToProto(), KeepParents = true,
        };
        using var call = client.ReadChunks(request, cancellationToken: cancellationToken);
        var (chunks, chunkingHash) = (new List<IndexedChunk>(), "");
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            chunkingHash = response.ChunkingHash;
            chunks.AddRange(response.Chunks.Select(chunk => new IndexedChunk(
                chunk.ChunkId, chunk.Ordinal, [.. chunk.HeadingPath], chunk.Text, chunk.StartOffset, chunk.EndOffset, default)));
        }

        return (chunks, chunkingHash);
    }
}
