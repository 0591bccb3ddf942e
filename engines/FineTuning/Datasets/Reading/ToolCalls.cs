using System.Globalization;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Judges a message's calls: <c>[{"id", "type": "function", "function": {"name", "arguments"}}]</c>, arguments being JSON in a string.</summary>
internal static class ToolCalls
{
    private static readonly string[] Known = ["id", "type", "function"];
    private static readonly string[] KnownOfFunction = ["name", "arguments"];

    public static void Judge(
        JsonElement calls, string path, string role, ToolList? tools, HashSet<string> ids, LineReport report, UnknownKeys unknown)
    {
        if (role != "assistant")
        {
            report.Add(FindingCode.ToolCallMismatch, path, $"A {role} message calls tools; only the assistant does.", "Move the calls to the assistant's message.");
        }

        if (calls.GetArrayLength() == 0)
        {
            report.Add(FindingCode.EmptyContent, path, "The array of tool calls is empty.", "Fill it or take the key out.");
        }

        var index = 0;
        foreach (var json in calls.EnumerateArray())
        {
            Judge(json, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), tools, ids, report, unknown);
        }
    }

    private static void Judge(JsonElement json, string path, ToolList? tools, HashSet<string> ids, LineReport report, UnknownKeys unknown)
    {
        if (ToolList.FunctionOf(json) is not { } functionJson)
        {
            report.Add(FindingCode.WrongType, path, "The call has no function object.", "Make it {\"id\": …, \"type\": \"function\", \"function\": {\"name\": …, \"arguments\": …}}.");
            return;
        }

        var call = JsonObject.Read(json, path, "messages[].tool_calls[]", Known, report, unknown);
        if (call.Optional("id", JsonValueKind.String, "a string")?.GetString() is { } id)
        {
            ids.Add(id);
        }

        var function = JsonObject.Read(functionJson, $"{path}.function", "messages[].tool_calls[].function", KnownOfFunction, report, unknown);
        var name = function.Require("name", JsonValueKind.String, "a string")?.GetString();
        if (name is not null && tools is not null && !tools.Names.Contains(name))
        {
            report.Add(
                FindingCode.UnknownTool, function.Field("name"), $"The example's tools have no function \"{Text.Shown(name)}\".",
                $"Declare it in tools, or call one that is there.{Suggestion.Sentence(name, tools.Names)}");
        }

        if (function.Require("arguments", JsonValueKind.String, "a string that holds JSON")?.GetString() is { } arguments && !IsObject(arguments))
        {
            report.Add(
                FindingCode.ToolArgumentsInvalid, function.Field("arguments"), "The string does not hold a JSON object.",
                "Write the arguments as JSON in a string, such as \"{\\\"city\\\": \\\"Bonn\\\"}\".");
        }
    }

    private static bool IsObject(string arguments)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
