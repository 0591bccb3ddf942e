using System.Text.Json.Serialization;

namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>PUT /collections/{name}. Null leaves a setting to the server.</summary>
internal sealed record CreateCollection(
    IReadOnlyDictionary<string, DenseVectorParams> Vectors, IReadOnlyDictionary<string, SparseVectorParams> SparseVectors,
    int? ShardNumber, int? ReplicationFactor, int? WriteConsistencyFactor, bool OnDiskPayload);

/// <param name="Distance">"Cosine" (the server normalises, so that vectors come back changed) or "Dot".</param>
internal sealed record DenseVectorParams(int Size, string Distance, bool? OnDisk, QuantizationConfig? QuantizationConfig);

/// <summary>One of the two.</summary>
internal sealed record QuantizationConfig(ScalarQuantization? Scalar, BinaryQuantization? Binary);

/// <param name="Type">"int8".</param>
/// <param name="Quantile">Of the values that keep their range, 0.5 to 1.</param>
internal sealed record ScalarQuantization(string Type, double Quantile, bool AlwaysRam);

internal sealed record BinaryQuantization(bool AlwaysRam);

/// <param name="Modifier">"idf": query weights are multiplied by ln(1 + (N - n + 0.5) / (n + 0.5)), N and n counted by the server.</param>
internal sealed record SparseVectorParams(string Modifier, SparseIndexParams? Index);

internal sealed record SparseIndexParams(bool OnDisk);

/// <summary>PUT /collections/{name}/index.</summary>
internal sealed record CreateFieldIndex(string FieldName, FieldSchema FieldSchema);

/// <param name="Type">"keyword", "integer", "float" or "datetime".</param>
/// <param name="IsTenant">Keyword only: the server stores points by it.</param>
internal sealed record FieldSchema(string Type, bool? IsTenant = null);

/// <summary>GET /collections.</summary>
internal sealed record CollectionList(IReadOnlyList<CollectionName> Collections);

internal sealed record CollectionName(string Name);

/// <summary>GET /collections/{name}.</summary>
/// <param name="Status">"green", "yellow" (optimising), "grey" (could optimise) or "red".</param>
/// <param name="IndexedVectorsCount">About as many have an index of their own: sparse vectors always, dense ones once there is a graph.</param>
internal sealed record CollectionInfo(
    string Status, long? PointsCount, long? IndexedVectorsCount, int SegmentsCount, IReadOnlyDictionary<string, PayloadIndexInfo>? PayloadSchema)
{
    /// <summary>At least about as many dense vectors are found through HNSW.</summary>
    public long GraphVectors => Math.Max(0, (IndexedVectorsCount ?? 0) - (PointsCount ?? 0));
}

/// <param name="DataType">As <see cref="FieldSchema.Type"/>.</param>
internal sealed record PayloadIndexInfo([property: JsonRequired] string DataType);
