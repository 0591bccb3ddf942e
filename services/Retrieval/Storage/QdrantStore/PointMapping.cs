using System.Text.Json;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>Documents to points and back.</summary>
internal static class PointMapping
{
    /// <summary>The point whose writing makes the index exist.</summary>
    public static PointStruct IndexPoint(IndexScope scope, IndexSettings settings, TermWeighing weighing) => new(
        PointIds.Index, PointVectors.None,
        new PointPayload { Kind = PointPayload.IndexKind, Tenant = scope.Tenant, Model = settings.Model, Dimension = settings.Dimension, Weighing = weighing });

    /// <summary>The point whose writing makes the revision visible.</summary>
    public static PointStruct DocumentPoint(IndexScope scope, IndexedDocument document, string revision, Dictionary<string, JsonElement> fields) => new(
        PointIds.Document(document.DocumentId), PointVectors.None,
        Shared(scope, document, revision, fields) with { Kind = PointPayload.DocumentKind, ChunkCount = document.Chunks.Count });

    public static PointStruct ChunkPoint(
        IndexScope scope, IndexedDocument document, IndexedChunk chunk, string revision, Dictionary<string, JsonElement> fields, TermWeights weights) => new(
        PointIds.Chunk(revision, chunk.ChunkId),
        new PointVectors(chunk.Vector, weights.OfChunk(document.Title, chunk.HeadingPath, chunk.Text)),
        Shared(scope, document, revision, fields) with
        {
            Kind = PointPayload.ChunkKind,
            ChunkId = chunk.ChunkId,
            Ordinal = chunk.Ordinal,
            Headings = chunk.HeadingPath,
            Text = chunk.Text,
            StartOffset = chunk.StartOffset,
            EndOffset = chunk.EndOffset,
        });

    /// <summary>Without chunks.</summary>
    public static IndexedDocument Document(PointPayload payload) => new(
        payload.DocumentId ?? "", payload.Version ?? 0, payload.Title ?? "", payload.Uri ?? "",
        payload.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal), []);

    public static IndexedChunk Chunk(PointPayload payload, ReadOnlyMemory<float> vector) => new(
        payload.ChunkId ?? "", payload.Ordinal ?? 0, payload.Headings ?? [], payload.Text ?? "", payload.StartOffset ?? 0, payload.EndOffset ?? 0, vector);

    private static PointPayload Shared(IndexScope scope, IndexedDocument document, string revision, Dictionary<string, JsonElement> fields) => new()
    {
        Tenant = scope.Tenant,
        DocumentId = document.DocumentId,
        Revision = revision,
        Version = document.Version,
        Title = document.Title,
        Uri = document.Uri,
        Metadata = document.Metadata,
        Fields = fields,
    };
}
