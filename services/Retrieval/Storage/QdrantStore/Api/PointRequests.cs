namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>PUT /collections/{name}/points: every point is written whole, in the place of one with its id.</summary>
internal sealed record UpsertPoints(IReadOnlyList<PointStruct> Points);

internal sealed record PointStruct(Guid Id, PointVectors Vector, PointPayload Payload);

/// <summary>A point's named vectors; it may have none.</summary>
internal sealed record PointVectors(ReadOnlyMemory<float>? Dense, SparseVector? Lexical)
{
    public const string DenseName = "dense";
    public const string LexicalName = "lexical";

    public static PointVectors None { get; } = new(null, null);
}

/// <param name="Indices">Each once.</param>
/// <param name="Values">As many.</param>
internal sealed record SparseVector(IReadOnlyList<uint> Indices, IReadOnlyList<float> Values);

/// <summary>POST /collections/{name}/points/delete. One of the two.</summary>
internal sealed record DeletePoints(IReadOnlyList<Guid>? Points, QdrantFilter? Filter);

/// <summary>PUT /points and POST /points/delete.</summary>
/// <param name="Status">"completed" when the request waited for it.</param>
internal sealed record UpdateResult(string Status);

/// <summary>POST /collections/{name}/points.</summary>
internal sealed record RetrievePoints(IReadOnlyList<Guid> Ids, IReadOnlyList<string> WithPayload, IReadOnlyList<string>? WithVector);

/// <summary>POST /collections/{name}/points/scroll: points by id, from <paramref name="Offset"/> on.</summary>
internal sealed record ScrollPoints(QdrantFilter Filter, int Limit, Guid? Offset, IReadOnlyList<string> WithPayload, IReadOnlyList<string>? WithVector);

internal sealed record ScrollPage(IReadOnlyList<PointRecord> Points, Guid? NextPageOffset);

internal sealed record PointRecord(Guid Id, PointPayload? Payload, PointVectors? Vector);

/// <summary>POST /collections/{name}/points/count.</summary>
internal sealed record CountPoints(QdrantFilter Filter, bool Exact);

internal sealed record CountResult(long Count);

/// <summary>POST /collections/{name}/facet: points by the values of an indexed field, by count, then value.</summary>
internal sealed record FacetPoints(string Key, int Limit, QdrantFilter Filter, bool Exact);

internal sealed record FacetResponse(IReadOnlyList<FacetHit> Hits);

internal sealed record FacetHit(string Value, long Count);
