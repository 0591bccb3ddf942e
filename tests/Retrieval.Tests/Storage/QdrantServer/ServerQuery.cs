using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

/// <summary>A query of the query API: nearest points by a dense or a sparse vector.</summary>
internal static class ServerQuery
{
    public static JsonNode Run(JsonElement query, CollectionSchema schema, IReadOnlyCollection<ServerPoint> points, IReadOnlyDictionary<string, string> indexes)
    {
        var request = new StrictObject(
            query, "QueryRequest", "prefetch", "query", "using", "filter", "params", "score_threshold", "limit", "offset", "with_vector", "with_payload", "lookup_from", "shard_key");
        if (request.Has("params"))
        {
            new StrictObject(request.Get("params"), "SearchParams", "hnsw_ef", "exact", "quantization", "indexed_only").Flag("exact", otherwise: false);
        }

        // All vectors of a collection with names need one: there is no default vector.
        var name = request.Has("using") ? request.Text("using") : throw Refusal.WrongInput("Not existing vector name error: ");
        var holds = request.Has("filter") ? ServerFilter.Read(request.Get("filter"), indexes) : _ => true;
        var score = Scoring(request.Get("query"), name, schema, points);
        var (payload, vectors) = (StrictValues.Selection(request, "with_payload", otherwise: false), StrictValues.Selection(request, "with_vector", otherwise: false));
        var best = points.Where(holds).Select(point => (Point: point, Score: score(point))).Where(pair => pair.Score is not null)
            .OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Point.Id).Take(request.Integer("limit", 1, otherwise: 10));
        return new JsonObject { ["points"] = new JsonArray([.. best.Select(pair => Scored(pair.Point.ToJson(payload, vectors), pair.Score!.Value))]) };
    }

    public static float[] Dense(JsonElement vector, string name, CollectionSchema schema)
    {
        var (values, wanted) = (StrictValues.Floats(vector, name), schema.Dense[name]);
        if (values.Length != wanted.Size)
        {
            throw Refusal.WrongInput($"Vector dimension error: expected dim: {wanted.Size}, got {values.Length}");
        }

        var length = MathF.Sqrt(values.Sum(value => value * value));
        return wanted.Distance switch
        {
            "Dot" => values,
            "Cosine" => [.. values.Select(value => value / length)],
            _ => throw new NotSupportedException($"This server does not score by {wanted.Distance}."),
        };
    }

    private static JsonObject Scored(JsonObject point, float score)
    {
        point["version"] = 0;
        point["score"] = score;
        return point;
    }

    /// <returns>Null for a point that is no answer, having no such vector or sharing no dimension.</returns>
    private static Func<ServerPoint, float?> Scoring(JsonElement query, string name, CollectionSchema schema, IReadOnlyCollection<ServerPoint> points)
    {
        if (schema.Dense.ContainsKey(name))
        {
            var wanted = Dense(query, name, schema);
            return point => point.Dense.TryGetValue(name, out var vector) ? vector.Zip(wanted).Sum(pair => pair.First * pair.Second) : null;
        }

        if (!schema.SparseWithIdf.TryGetValue(name, out var isIdf))
        {
            throw Refusal.WrongInput($"Not existing vector name error: {name}");
        }

        var (indices, values) = StrictValues.Sparse(query, "query");
        var holders = points.Where(point => point.Sparse.ContainsKey(name)).Select(point => point.Sparse[name]).ToList();
        var weights = indices.Zip(values).ToDictionary(
            pair => pair.First, pair => pair.Second * (isIdf ? InverseDocumentFrequency(holders.Count, holders.Count(vector => vector.ContainsKey(pair.First))) : 1));
        return point => point.Sparse.TryGetValue(name, out var vector) && weights.Keys.Any(vector.ContainsKey)
            ? weights.Sum(weight => weight.Value * vector.GetValueOrDefault(weight.Key))
            : null;
    }

    private static float InverseDocumentFrequency(float count, float withTerm) => MathF.Log(((count - withTerm + 0.5f) / (withTerm + 0.5f)) + 1);
}
