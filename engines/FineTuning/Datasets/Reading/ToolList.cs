using System.Globalization;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>The tools of one example: <c>[{"type": "function", "function": {"name", "description"?, "parameters"?}}]</c>.</summary>
/// <param name="Json">As it stands in the file.</param>
/// <param name="Names">Of the functions.</param>
internal sealed record ToolList(string Json, IReadOnlyCollection<string> Names)
{
    /// <summary>Null where the example has none.</summary>
    public static ToolList? Read(JsonObject line, LineReport report)
    {
        if (line.Optional("tools", JsonValueKind.Array, "an array of tools") is not { } tools)
        {
            return null;
        }

        var names = new HashSet<string>();
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"tools[{index++}]");
            if (FunctionOf(tool) is not { } function)
            {
                report.Add(FindingCode.WrongType, field, "The tool has no function object.", "Make it {\"type\": \"function\", \"function\": {\"name\": …}}.");
            }
            else if (NameOf(function) is { } name)
            {
                names.Add(name);
            }
            else
            {
                report.Add(FindingCode.MissingKey, $"{field}.function.name", "The function has no name.", "Add it: a string.");
            }
        }

        return new ToolList(tools.GetRawText(), names);
    }

    /// <summary>The function object of a tool or of a call.</summary>
    public static JsonElement? FunctionOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
            ? function
            : null;

    public static string? NameOf(JsonElement function) =>
        function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } text ? text : null;
}
