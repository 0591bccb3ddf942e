using System.Buffers.Binary;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Embedding;

namespace RagPlatform.Retrieval.Tests;

/// <summary>Documents as the embedding service would send them: chunk text says which document, version and ordinal it is.</summary>
internal static class Batches
{
    public const int Dimension = 4;
    public const string Model = "fake-model";

    public static DocumentKey Document(string id = "doc", string collection = "docs", string tenant = "acme") => new(tenant, collection, id);

    /// <summary>All batches of a version.</summary>
    public static ChunksEmbedded[] Version(
        DocumentKey document, long version, int batches = 2, int chunksPerBatch = 2, string model = Model, int dimension = Dimension) =>
        [.. Enumerable.Range(0, batches).Select(index => Batch(document, version, index, batches, chunksPerBatch, model, dimension))];

    public static ChunksEmbedded Batch(
        DocumentKey document, long version, int index, int count, int chunks, string model = Model, int dimension = Dimension) => new()
    {
        Document = document,
        Version = version,
        ContentHash = $"hash{version}",
        Title = $"Title {document.DocumentId}",
        Uri = $"file:///{document.DocumentId}",
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["version"] = $"{version}" },
        BatchIndex = index,
        BatchCount = count,
        ChunkCount = count * chunks,
        Model = model,
        Dimension = dimension,
        Chunks = [.. Enumerable.Range(index * chunks, chunks).Select(ordinal => Chunk(document, version, ordinal, dimension))],
    };

    public static byte[] Vector(int axis, int dimension = Dimension)
    {
        var bytes = new byte[dimension * sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(axis % dimension * sizeof(float)), 1);
        return bytes;
    }

    private static EmbeddedChunk Chunk(DocumentKey document, long version, int ordinal, int dimension) => new()
    {
        ChunkId = ChunkId.Create(document, $"hash{version}", ordinal),
        Ordinal = ordinal,
        Text = $"common text of {document.DocumentId} edition{version} part{ordinal}",
        StartOffset = ordinal * 100,
        EndOffset = (ordinal * 100) + 50,
        HeadingPath = ["Guide", $"Section {ordinal}"],
        Vector = Vector(ordinal, dimension),
        UnseenTokens = 0,
    };
}
