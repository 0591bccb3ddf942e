using System.Text.Json;

namespace RagPlatform.Tokenization.Json;

/// <summary>A value of the file and its place in it, which every complaint names.</summary>
internal readonly struct JsonNode(JsonElement element, string path)
{
    private const int MaxShortCharacters = 256;
    private const int MaxShownCharacters = 300;

    public bool IsNull => element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public string Path => path;

    public string? Type => this["type"] is { IsNull: false } type ? type.Text() : null;

    /// <summary>Null where there is no such member.</summary>
    public JsonNode this[string name] => new(
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : default, $"{path}.{name}");

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public JsonNode Required(string name) => this[name] is { IsNull: false } member ? member : throw Wrong($"has no {name}");

    /// <summary>A text that is put into others, and so must be short.</summary>
    public string ShortText() => Text() is { Length: <= MaxShortCharacters } text ? text : throw Wrong($"has {Text().Length} characters; the limit is {MaxShortCharacters}");

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong("is no text");

    public byte[] Base64() =>
        element.ValueKind == JsonValueKind.String && element.TryGetBytesFromBase64(out var bytes) ? bytes : throw Wrong("is no base64");

    public bool Flag(bool otherwise) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => otherwise,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong("is neither true nor false"),
    };

    public int Integer(int min, int max) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= min && value <= max
            ? value
            : throw Wrong($"is no whole number from {min} to {max}");

    public double Number() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var value) && double.IsFinite(value) ? value : throw Wrong("is no finite number");

    /// <summary>None where the array is missing.</summary>
    public IEnumerable<JsonNode> Items()
    {
        if (IsNull)
        {
            yield break;
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Wrong("is no array");
        }

        var at = 0;
        foreach (var item in element.EnumerateArray())
        {
            yield return new JsonNode(item, $"{path}[{at++}]");
        }
    }

    public IEnumerable<(string Name, JsonNode Value)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("is no object");
        }

        foreach (var member in element.EnumerateObject())
        {
            yield return (member.Name, new JsonNode(member.Value, $"{path}.{member.Name}"));
        }
    }

    public InvalidDataException Wrong(string fault) => new($"{Shown(path)} {Shown(fault)}.");

    /// <summary>As much of a text from the file as a message can take.</summary>
    public static string Shown(string text) => text.Length <= MaxShownCharacters ? text : $"{text.AsSpan(0, MaxShownCharacters)}…";

    public InvalidDataException Unsupported(string? type) => Wrong($"has the type '{type}', which is not supported");
}
