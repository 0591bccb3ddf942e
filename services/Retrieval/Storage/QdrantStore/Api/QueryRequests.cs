using System.Text.Json;
using System.Text.Json.Serialization;

namespace RagPlatform.Retrieval.Storage.QdrantStore.Api;

/// <summary>POST /collections/{name}/points/query/batch.</summary>
internal sealed record QueryBatch(IReadOnlyList<QueryPoints> Searches);

/// <param name="Using">Which of the named vectors.</param>
internal sealed record QueryPoints(
    QueryVector Query, string Using, QdrantFilter Filter, int Limit, QueryParams? Params,
    IReadOnlyList<string>? WithPayload, IReadOnlyList<string>? WithVector);

/// <param name="Exact">Compare every vector.</param>
internal sealed record QueryParams(bool Exact);

/// <summary>Dense or sparse: the API takes either under one name.</summary>
[JsonConverter(typeof(QueryVectorConverter))]
internal sealed record QueryVector(ReadOnlyMemory<float> Dense, SparseVector? Sparse);

internal sealed class QueryVectorConverter : JsonConverter<QueryVector>
{
    public override QueryVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Queries are only written.");

    public override void Write(Utf8JsonWriter writer, QueryVector value, JsonSerializerOptions options)
    {
        if (value.Sparse is { } sparse)
        {
            JsonSerializer.Serialize(writer, sparse, QdrantJson.Default.SparseVector);
            return;
        }

        writer.WriteStartArray();
        foreach (var component in value.Dense.Span)
        {
            writer.WriteNumberValue(component);
        }

        writer.WriteEndArray();
    }
}

internal sealed record QueryResponse(IReadOnlyList<ScoredPoint> Points);

/// <param name="Score">The dot product with the query.</param>
internal sealed record ScoredPoint(Guid Id, float Score, PointPayload? Payload, PointVectors? Vector);
