using System.Text.Json;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

/// <summary>A JSON object of which every field must be documented and of its type. A field that is null counts as not given.</summary>
internal sealed class StrictObject
{
    private readonly JsonElement _element;
    private readonly string _path;

    public StrictObject(JsonElement element, string path, params string[] documented)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Refusal.Format(path, $"expected an object, found {element.ValueKind}");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in element.EnumerateObject())
        {
            if (!documented.Contains(field.Name))
            {
                throw Refusal.Format(path, $"unknown field `{field.Name}`, expected one of {string.Join(", ", documented)}");
            }

            if (!seen.Add(field.Name))
            {
                throw Refusal.Format(path, $"duplicate field `{field.Name}`");
            }
        }

        (_element, _path) = (element, path);
    }

    public bool Has(string name) => _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public JsonElement Get(string name) => Has(name) ? _element.GetProperty(name) : throw Refusal.Format(_path, $"missing field `{name}`");

    public string Text(string name) =>
        Get(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Refusal.Format($"{_path}.{name}", "expected a string");

    public string OneOf(string name, params string[] values) =>
        Text(name) is var text && values.Contains(text) ? text : throw Refusal.Format($"{_path}.{name}", $"unknown variant `{Text(name)}`, expected one of {string.Join(", ", values)}");

    public bool Flag(string name, bool otherwise) =>
        !Has(name) ? otherwise : Get(name).ValueKind is JsonValueKind.True or JsonValueKind.False ? Get(name).GetBoolean() : throw Refusal.Format($"{_path}.{name}", "expected a boolean");

    public int Integer(string name, int min, int? otherwise = null)
    {
        if (otherwise is { } value && !Has(name))
        {
            return value;
        }

        return Get(name).ValueKind == JsonValueKind.Number && Get(name).TryGetInt32(out var number)
            ? number >= min ? number : throw Refusal.Validation(name, $"value {number} invalid, must be {min} or larger")
            : throw Refusal.Format($"{_path}.{name}", "expected an integer");
    }

    public double Number(string name, double min, double max) =>
        Get(name).ValueKind == JsonValueKind.Number && Get(name).GetDouble() is var number && number >= min && number <= max
            ? number
            : throw Refusal.Validation(name, $"must be a number from {min} to {max}");

    public IEnumerable<JsonElement> List(string name) =>
        Get(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : throw Refusal.Format($"{_path}.{name}", "expected a sequence");

    public IEnumerable<(string Name, JsonElement Value)> Map(string name) =>
        Get(name) is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject().Select(field => (field.Name, field.Value))
            : throw Refusal.Format($"{_path}.{name}", "expected a map");
}

internal static class StrictValues
{
    /// <summary>Ids are unsigned integers or UUIDs; ours are all UUIDs.</summary>
    public static Guid Id(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.String && Guid.TryParseExact(element.GetString(), "D", out var id)
            ? id
            : throw Refusal.Format(path, $"value {element} is not a valid point ID, valid values are either an unsigned integer or a UUID");

    public static float[] Floats(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number)
            ? [.. element.EnumerateArray().Select(item => item.GetSingle())]
            : throw Refusal.Format(path, "expected a sequence of numbers");

    public static (uint[] Indices, float[] Values) Sparse(JsonElement element, string path)
    {
        var sparse = new StrictObject(element, path, "indices", "values");
        var values = Floats(sparse.Get("values"), $"{path}.values");
        var indices = sparse.List("indices").Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetUInt32(out var index)
            ? index
            : throw Refusal.Format($"{path}.indices", "expected u32")).ToArray();
        if (indices.Length != values.Length)
        {
            throw Refusal.Validation(path, "must be the same length as indices");
        }

        return indices.Distinct().Count() == indices.Length ? (indices, values) : throw Refusal.Validation($"{path}.indices", "must be unique");
    }

    /// <summary>Which names of the payload or of the vectors an answer shall have; null: all.</summary>
    public static HashSet<string>? Selection(StrictObject body, string name, bool otherwise)
    {
        if (!body.Has(name))
        {
            return otherwise ? null : [];
        }

        var given = body.Get(name);
        return given.ValueKind switch
        {
            JsonValueKind.True => null,
            JsonValueKind.False => [],
            JsonValueKind.Array when given.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) => [.. given.EnumerateArray().Select(item => item.GetString()!)],
            _ => throw Refusal.Format(name, "data did not match any variant"),
        };
    }
}
