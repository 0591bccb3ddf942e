using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

internal sealed record ServerPoint(
    Guid Id, IReadOnlyDictionary<string, float[]> Dense, IReadOnlyDictionary<string, IReadOnlyDictionary<uint, float>> Sparse, JsonElement Payload)
{
    /// <summary>Of a field: none if it is missing, null or [].</summary>
    public List<JsonElement> Values(string key)
    {
        if (!Payload.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
    }

    public JsonObject ToJson(HashSet<string>? payload, HashSet<string>? vectors)
    {
        var json = new JsonObject { ["id"] = Id.ToString("D") };
        if (payload is not { Count: 0 })
        {
            var selected = Payload.EnumerateObject().Where(field => payload?.Contains(field.Name) ?? true);
            json["payload"] = new JsonObject(selected.Select(field => KeyValuePair.Create(field.Name, JsonNode.Parse(field.Value.GetRawText()))));
        }

        if (vectors is not { Count: 0 })
        {
            var dense = Dense.Where(entry => vectors?.Contains(entry.Key) ?? true).Select(entry =>
                KeyValuePair.Create<string, JsonNode?>(entry.Key, new JsonArray([.. entry.Value.Select(value => JsonValue.Create(value))])));
            var sparse = Sparse.Where(entry => vectors?.Contains(entry.Key) ?? true).Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, new JsonObject
            {
                ["indices"] = new JsonArray([.. entry.Value.Keys.Select(value => JsonValue.Create(value))]),
                ["values"] = new JsonArray([.. entry.Value.Values.Select(value => JsonValue.Create(value))]),
            }));
            json["vector"] = new JsonObject(dense.Concat(sparse));
        }

        return json;
    }
}
