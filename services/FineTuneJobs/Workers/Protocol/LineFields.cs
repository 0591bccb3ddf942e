using System.Text.Json;

namespace RagPlatform.FineTuneJobs.Workers.Protocol;

/// <summary>The fields of a line, each checked as it is read. Null is as left out.</summary>
internal readonly struct LineFields(JsonElement line)
{
    private readonly JsonElement _line = line;

    /// <exception cref="ProtocolException">Missing without a default, no text, or too long.</exception>
    public string Text(string name, int maxCharacters, string? otherwise = null) => Find(name) switch
    {
        null => otherwise ?? throw new ProtocolException($"{name} is missing."),
        { ValueKind: JsonValueKind.String } value => Bounded(name, value.GetString()!, maxCharacters),
        _ => throw new ProtocolException($"{name} is no text."),
    };

    public string Choice(string name, IReadOnlyList<string> allowed, string otherwise) =>
        Text(name, 100, otherwise) is var value && allowed.Contains(value) ? value : throw new ProtocolException($"{name} is '{value}'; {string.Join(", ", allowed)} are allowed.");

    /// <summary>A whole number from 0.</summary>
    public long Count(string name, long? otherwise = null) => Find(name) switch
    {
        null => otherwise ?? throw new ProtocolException($"{name} is missing."),
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) && number >= 0 => number,
        _ => throw new ProtocolException($"{name} is no whole number from 0."),
    };

    /// <summary>Finite.</summary>
    public double Number(string name, double? otherwise = null) => OptionalNumber(name) ?? otherwise ?? throw new ProtocolException($"{name} is missing.");

    public double? OptionalNumber(string name) => Find(name) is { } value ? Finite(name, value) : null;

    public bool Flag(string name) => Find(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw new ProtocolException($"{name} is neither true nor false."),
    };

    /// <summary>A path that stays in the job's folder.</summary>
    public string RelativePath(string name, string? otherwise = null)
    {
        var path = Text(name, 500, otherwise);
        return path.Length > 0 && !Path.IsPathRooted(path) && !path.Split('/', '\\').Contains("..")
            ? path
            : throw new ProtocolException($"{name} is '{path}'; a relative path within the job's folder is needed.");
    }

    /// <summary>Null when left out.</summary>
    public IReadOnlyDictionary<string, string>? Texts(string name, int maxEntries, int maxCharacters) =>
        Find(name) is null ? null : Entries(name, maxEntries).ToDictionary(entry => entry.Name, entry => entry.Value.ValueKind switch
        {
            JsonValueKind.String => Bounded(entry.Name, entry.Value.GetString()!, maxCharacters),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => entry.Value.GetRawText(),
            _ => throw new ProtocolException($"{name}.{entry.Name} is no text, number, true or false."),
        }, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, double> Numbers(string name, int maxEntries) =>
        Entries(name, maxEntries).ToDictionary(entry => entry.Name, entry => Finite($"{name}.{entry.Name}", entry.Value), StringComparer.Ordinal);

    public IEnumerable<LineFields> Objects(string name, int maxEntries) => Find(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value when value.GetArrayLength() <= maxEntries => value.EnumerateArray().Select(
            item => item.ValueKind is JsonValueKind.Object ? new LineFields(item) : throw new ProtocolException($"{name} has an item that is no object.")),
        _ => throw new ProtocolException($"{name} is no list of at most {maxEntries} objects."),
    };

    private List<JsonProperty> Entries(string name, int maxEntries)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Object } value)
        {
            throw new ProtocolException($"{name} is no object.");
        }

        var entries = value.EnumerateObject().DistinctBy(entry => entry.Name).ToList();
        return entries.Count <= maxEntries ? entries : throw new ProtocolException($"{name} has {entries.Count} entries; the limit is {maxEntries}.");
    }

    private JsonElement? Find(string name) =>
        _line.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static double Finite(string name, JsonElement value) =>
        value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw new ProtocolException($"{name} is no finite number.");

    private static string Bounded(string name, string text, int maxCharacters) =>
        text.Length <= maxCharacters ? text : throw new ProtocolException($"{name} has {text.Length} characters; the limit is {maxCharacters}.");
}
