using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Reads <c>{"prompt", "completion", "group"?}</c> as a conversation of two messages.</summary>
internal sealed class CompletionReader(string groupField)
{
    private readonly string[] known = ["prompt", "completion", groupField];

    public ChatExample? Read(JsonElement json, LineReport report, UnknownKeys unknown)
    {
        var line = JsonObject.Read(json, "", "", known, report, unknown);
        var prompt = Text(line, "prompt", report);
        var completion = Text(line, "completion", report);
        var group = GroupName.Read(line, groupField);
        return prompt is null || completion is null
            ? null
            : new ChatExample(report.Line, group, [new ChatTurn("user", prompt, null, 1), new ChatTurn("assistant", completion, null, 1)], null);
    }

    private static string? Text(JsonObject line, string key, LineReport report)
    {
        var text = line.Require(key, JsonValueKind.String, "a string")?.GetString();
        if (string.IsNullOrWhiteSpace(text) && text is not null)
        {
            report.Add(FindingCode.EmptyContent, key, "The text is empty.", "Fill it or leave the example out.");
        }

        return text;
    }
}
