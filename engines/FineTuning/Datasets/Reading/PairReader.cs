using System.Globalization;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Reads <c>{"query", "positive", "negatives"?, "group"?}</c>.</summary>
internal sealed class PairReader(string groupField)
{
    private readonly string[] known = ["query", "positive", "negatives", groupField];

    public PairExample? Read(JsonElement json, LineReport report, UnknownKeys unknown)
    {
        var line = JsonObject.Read(json, "", "", known, report, unknown);
        var query = Filled(line.Require("query", JsonValueKind.String, "a string"), "query", report);
        var positive = Filled(line.Require("positive", JsonValueKind.String, "a string"), "positive", report);
        var group = GroupName.Read(line, groupField);
        var negatives = new List<string>();
        if (line.Optional("negatives", JsonValueKind.Array, "an array of strings") is { } array)
        {
            foreach (var item in array.EnumerateArray())
            {
                var field = string.Create(CultureInfo.InvariantCulture, $"negatives[{negatives.Count}]");
                if (item.ValueKind != JsonValueKind.String)
                {
                    report.Add(FindingCode.WrongType, field, $"The value is {Text.TypeOf(item)}.", "Make it a string.");
                }

                negatives.Add(item.ValueKind == JsonValueKind.String ? Filled(item, field, report)! : "");
            }
        }

        return query is null || positive is null ? null : new PairExample(report.Line, group, query, positive, negatives);
    }

    private static string? Filled(JsonElement? value, string field, LineReport report)
    {
        var text = value?.GetString();
        if (string.IsNullOrWhiteSpace(text) && text is not null)
        {
            report.Add(FindingCode.EmptyContent, field, "The text is empty.", "Fill it or leave the example out.");
        }

        return text;
    }
}
