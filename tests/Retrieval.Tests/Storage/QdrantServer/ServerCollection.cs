using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

/// <summary>A collection in memory: points by id, the indexes of its payload. One request at a time.</summary>
internal sealed class ServerCollection(CollectionSchema schema)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<Guid, ServerPoint> _points = [];
    private readonly Dictionary<string, string> _indexes = new(StringComparer.Ordinal);
    private long _operations;

    public CollectionSchema Schema => schema;

    public int PointCount
    {
        get
        {
            lock (_gate)
            {
                return _points.Count;
            }
        }
    }

    public JsonNode Describe()
    {
        lock (_gate)
        {
            var indexes = _indexes.Select(index => KeyValuePair.Create<string, JsonNode?>(index.Key, new JsonObject { ["data_type"] = index.Value, ["points"] = _points.Values.Count(point => point.Values(index.Key).Count > 0) }));
            return new JsonObject
            {
                ["status"] = "green",
                ["optimizer_status"] = "ok",
                // As the server has it: sparse vectors always have an index.
                ["indexed_vectors_count"] = _points.Values.Count(point => point.Sparse.Count > 0),
                ["points_count"] = _points.Count,
                ["segments_count"] = 1,
                ["config"] = new JsonObject { ["params"] = JsonNode.Parse(schema.Body.GetRawText()), ["hnsw_config"] = new JsonObject(), ["optimizer_config"] = new JsonObject() },
                ["payload_schema"] = new JsonObject(indexes),
            };
        }
    }

    public JsonNode CreateIndex(JsonElement body)
    {
        var request = new StrictObject(body, "CreateFieldIndex", "field_name", "field_schema");
        var field = new StrictObject(request.Get("field_schema"), "PayloadSchemaParams", "type", "is_tenant", "on_disk", "lookup", "range", "is_principal");
        var type = field.OneOf("type", "keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid");
        if (field.Flag("is_tenant", otherwise: false) && type is not ("keyword" or "uuid"))
        {
            throw Refusal.Format("field_schema", $"is_tenant is no parameter of {type}");
        }

        lock (_gate)
        {
            _indexes[request.Text("field_name")] = type;
            return Applied();
        }
    }

    public JsonNode Upsert(JsonElement body)
    {
        var points = new StrictObject(body, "PointsList", "points", "shard_key").List("points").Select(Point).ToList();
        if (points.Count == 0)
        {
            throw Refusal.Validation("points", "must not be empty");
        }

        lock (_gate)
        {
            points.ForEach(point => _points[point.Id] = point);
            return Applied();
        }
    }

    public JsonNode Delete(JsonElement body)
    {
        var request = new StrictObject(body, "PointsSelector", "points", "filter", "shard_key");
        if (request.Has("points") == request.Has("filter"))
        {
            throw Refusal.Format("PointsSelector", "data did not match any variant");
        }

        lock (_gate)
        {
            var gone = request.Has("points")
                ? request.List("points").Select(id => StrictValues.Id(id, "points")).ToList()
                : [.. Filtered(request).Select(point => point.Id)];
            gone.ForEach(id => _points.Remove(id));
            return Applied();
        }
    }

    public JsonNode Retrieve(JsonElement body)
    {
        var request = new StrictObject(body, "PointRequest", "ids", "with_payload", "with_vector", "shard_key");
        var (payload, vectors) = (StrictValues.Selection(request, "with_payload", otherwise: true), Vectors(request));
        lock (_gate)
        {
            return new JsonArray([.. request.List("ids").Select(id => StrictValues.Id(id, "ids")).Where(_points.ContainsKey).Select(id => _points[id].ToJson(payload, vectors))]);
        }
    }

    public JsonNode Scroll(JsonElement body)
    {
        var request = new StrictObject(body, "ScrollRequest", "offset", "limit", "filter", "with_payload", "with_vector", "shard_key", "order_by");
        var (payload, vectors) = (StrictValues.Selection(request, "with_payload", otherwise: true), Vectors(request));
        var (limit, from) = (request.Integer("limit", 1, otherwise: 10), request.Has("offset") ? StrictValues.Id(request.Get("offset"), "offset") : default);
        lock (_gate)
        {
            var page = Filtered(request).Where(point => point.Id.CompareTo(from) >= 0).Take(limit + 1).ToList();
            return new JsonObject
            {
                ["points"] = new JsonArray([.. page.Take(limit).Select(point => point.ToJson(payload, vectors))]),
                ["next_page_offset"] = page.Count > limit ? page[limit].Id.ToString("D") : null,
            };
        }
    }

    public JsonNode Count(JsonElement body)
    {
        var request = new StrictObject(body, "CountRequest", "filter", "exact", "shard_key");
        request.Flag("exact", otherwise: true);
        lock (_gate)
        {
            return new JsonObject { ["count"] = Filtered(request).Count };
        }
    }

    public JsonNode Facet(JsonElement body)
    {
        var request = new StrictObject(body, "FacetRequest", "key", "limit", "filter", "exact", "shard_key");
        var (key, limit) = (request.Text("key"), request.Integer("limit", 1, otherwise: 10));
        request.Flag("exact", otherwise: false);
        lock (_gate)
        {
            if (_indexes.GetValueOrDefault(key) != "keyword")
            {
                throw Refusal.NoIndex(key, "keyword");
            }

            var hits = Filtered(request).SelectMany(point => point.Values(key).Select(value => value.GetString()!).Distinct(StringComparer.Ordinal))
                .GroupBy(value => value, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Take(limit);
            return new JsonObject { ["hits"] = new JsonArray([.. hits.Select(group => new JsonObject { ["value"] = group.Key, ["count"] = group.Count() })]) };
        }
    }

    public JsonNode QueryBatch(JsonElement body)
    {
        var searches = new StrictObject(body, "QueryRequestBatch", "searches").List("searches").ToList();
        lock (_gate)
        {
            return new JsonArray([.. searches.Select(search => ServerQuery.Run(search, schema, _points.Values, _indexes))]);
        }
    }

    private static HashSet<string>? Vectors(StrictObject request) => StrictValues.Selection(request, "with_vector", otherwise: false);

    private List<ServerPoint> Filtered(StrictObject request)
    {
        var holds = request.Has("filter") ? ServerFilter.Read(request.Get("filter"), _indexes) : _ => true;
        return [.. _points.Values.Where(holds)];
    }

    private JsonObject Applied() => new() { ["operation_id"] = _operations++, ["status"] = "completed" };

    private ServerPoint Point(JsonElement point)
    {
        var request = new StrictObject(point, "PointStruct", "id", "vector", "payload");
        var dense = new Dictionary<string, float[]>(StringComparer.Ordinal);
        var sparse = new Dictionary<string, IReadOnlyDictionary<uint, float>>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Map("vector"))
        {
            if (schema.Dense.ContainsKey(name))
            {
                dense.Add(name, ServerQuery.Dense(value, name, schema));
            }
            else if (schema.SparseWithIdf.ContainsKey(name))
            {
                var (indices, values) = StrictValues.Sparse(value, name);
                sparse.Add(name, indices.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second));
            }
            else
            {
                throw Refusal.WrongInput($"Not existing vector name error: {name}");
            }
        }

        return request.Get("payload").ValueKind == JsonValueKind.Object
            ? new ServerPoint(StrictValues.Id(request.Get("id"), "id"), dense, sparse, request.Get("payload").Clone())
            : throw Refusal.Format("payload", "expected a map");
    }
}
