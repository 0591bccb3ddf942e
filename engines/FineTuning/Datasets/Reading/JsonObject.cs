using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>One object of a line by its known keys; keys that come twice or are not known are reported.</summary>
/// <param name="path">Of the object in its line; empty for the line itself.</param>
internal sealed class JsonObject(string path, Dictionary<string, JsonElement> values, LineReport report)
{
    public static JsonObject Read(
        JsonElement json, string path, string pattern, IReadOnlyList<string> known, LineReport report, UnknownKeys unknown)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var property in json.EnumerateObject())
        {
            if (!values.TryAdd(property.Name, property.Value))
            {
                report.Add(
                    FindingCode.DuplicateKey, At(path, Text.Shown(property.Name)), "The key stands twice in one object.",
                    "Keep one: programs differ in which one they read.");
            }
            else if (!known.Contains(property.Name))
            {
                unknown.Add(At(pattern, property.Name), report.Line, known);
            }
        }

        return new JsonObject(path, values, report);
    }

    public bool Has(string key) => values.ContainsKey(key);

    /// <summary>The value; null where it is absent or null.</summary>
    public JsonElement? Find(string key) =>
        values.TryGetValue(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A value of the wanted type; where it is absent or another, that is reported and null returned.</summary>
    public JsonElement? Require(string key, JsonValueKind kind, string wanted)
    {
        if (!values.TryGetValue(key, out var value))
        {
            report.Add(FindingCode.MissingKey, Field(key), "The key is missing.", $"Add it: {wanted}.");
            return null;
        }

        return Typed(key, value, kind, wanted);
    }

    /// <summary>A value of the wanted type, or null where it is absent or null; another type is reported.</summary>
    public JsonElement? Optional(string key, JsonValueKind kind, string wanted) =>
        Find(key) is { } value ? Typed(key, value, kind, wanted) : null;

    public string Field(string key) => At(path, key);

    public void ReportType(string key, JsonElement value, string wanted) =>
        report.Add(FindingCode.WrongType, Field(key), $"The value is {Text.TypeOf(value)}.", $"Make it {wanted}.");

    private JsonElement? Typed(string key, JsonElement value, JsonValueKind kind, string wanted)
    {
        if (value.ValueKind == kind)
        {
            return value;
        }

        ReportType(key, value, wanted);
        return null;
    }

    private static string At(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
