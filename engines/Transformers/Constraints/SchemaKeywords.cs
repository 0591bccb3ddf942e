using System.Text.Json;

namespace RagPlatform.Transformers.Constraints;

/// <summary>One schema's keywords; what nobody asked for in the end is refused by name.</summary>
internal sealed class SchemaKeywords
{
    private readonly Dictionary<string, JsonElement> _values = [];
    private readonly HashSet<string> _unread;

    public SchemaKeywords(JsonElement schema, string path, IEnumerable<string> annotations)
    {
        Path = path;
        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw JsonSchemaGrammar.Refused(path, $"a schema is an object or true; this is {schema.ValueKind}.");
        }

        foreach (var property in schema.EnumerateObject())
        {
            if (!_values.TryAdd(property.Name, property.Value))
            {
                throw JsonSchemaGrammar.Refused(path, $"'{property.Name}' is there twice.");
            }
        }

        _unread = [.. _values.Keys.Except(annotations)];
    }

    public string Path { get; }

    public bool Has(string keyword) => _values.ContainsKey(keyword);

    public JsonElement? Find(string keyword)
    {
        _unread.Remove(keyword);
        return _values.TryGetValue(keyword, out var value) ? value : null;
    }

    public static bool IsOf(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.String => type == "string",
        JsonValueKind.Array => type == "array",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Number => type == "number" || type == "integer" && value.TryGetDecimal(out var number) && number == decimal.Truncate(number),
        _ => false,
    };

    public long? Whole(string keyword) => Find(keyword) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var whole) && Math.Abs(whole) < 1_000_000_000_000 => whole,
        var other => throw JsonSchemaGrammar.Refused(Path, $"{keyword} is {other}; it must be a whole number below 10^12."),
    };

    public (int Least, int? Most) Counts(string least, string most, int limit)
    {
        var (low, high) = (Whole(least) ?? 0, Whole(most));
        return low >= 0 && low <= limit && (high is null || high >= low && high <= limit)
            ? ((int)low, (int?)high)
            : throw JsonSchemaGrammar.Refused(Path, $"{least} {low} and {most} {high} must be 0 to {limit}, the first not above the second.");
    }

    public IReadOnlyList<string> Types() => Find("type") switch
    {
        null => _values.ContainsKey("properties") ? ["object"] : [],
        { ValueKind: JsonValueKind.String } type => [type.GetString()!],
        { ValueKind: JsonValueKind.Array } types when types.GetArrayLength() > 0 => [.. types.EnumerateArray().Select(type => type.ToString()).Distinct()],
        _ => throw JsonSchemaGrammar.Refused(Path, "type must be a name or a list of names."),
    };

    public IReadOnlySet<string> Names(string keyword) => Find(keyword) switch
    {
        null => new HashSet<string>(),
        { ValueKind: JsonValueKind.Array } names => names.EnumerateArray().Select(name => name.ToString()).ToHashSet(),
        _ => throw JsonSchemaGrammar.Refused(Path, $"{keyword} must be a list of names."),
    };

    public IReadOnlyList<(string Name, JsonElement Schema)> Properties() => Find("properties") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Object } properties => Distinct([.. properties.EnumerateObject().Select(property => (property.Name, property.Value))]),
        _ => throw JsonSchemaGrammar.Refused(Path, "properties must be an object."),
    };

    private (string Name, JsonElement Schema)[] Distinct((string Name, JsonElement Schema)[] properties) =>
        properties.CountBy(property => property.Name).FirstOrDefault(name => name.Value > 1).Key is { } twice
            ? throw JsonSchemaGrammar.Refused($"{Path}/properties", $"'{twice}' is there twice.")
            : properties;

    public void ThrowIfMore()
    {
        if (_unread.Count > 0)
        {
            throw JsonSchemaGrammar.Refused(
                Path, $"{string.Join(", ", _unread.Order(StringComparer.Ordinal))} cannot be held to here; leave it out and ask for it in the prompt.");
        }
    }
}

internal static class SchemaPointer
{
    /// <summary>What "#/..." points to (RFC 6901); null where there is nothing.</summary>
    public static JsonElement? Find(JsonElement root, string pointer)
    {
        if (pointer == "#")
        {
            return root;
        }

        if (!pointer.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        var at = root;
        foreach (var step in pointer[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Array)
            {
                if (!int.TryParse(name, out var index) || index < 0 || index >= at.GetArrayLength())
                {
                    return null;
                }

                at = at[index];
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }
}
