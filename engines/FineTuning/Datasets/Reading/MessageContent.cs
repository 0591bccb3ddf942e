using System.Globalization;
using System.Text;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Reads a message's content: a string, or parts of the type text.</summary>
internal static class MessageContent
{
    private const string Wanted = "a string";

    /// <summary>The text, empty where the message is nothing but tool calls; null with an error.</summary>
    public static string? Read(JsonObject message, bool hasCalls, LineReport report)
    {
        if (message.Find("content") is not { } content)
        {
            return hasCalls ? "" : message.Require("content", JsonValueKind.String, Wanted)?.GetString();
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            return message.Require("content", JsonValueKind.String, Wanted)?.GetString();
        }

        var text = new StringBuilder();
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"{message.Field("content")}[{index++}]");
            if (part.ValueKind != JsonValueKind.Object
                || !part.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "text"
                || !part.TryGetProperty("text", out var value) || value.ValueKind != JsonValueKind.String)
            {
                report.Add(
                    FindingCode.WrongType, field, "The part is not text.",
                    "Use parts such as {\"type\": \"text\", \"text\": \"…\"}; images and sound cannot be learnt here.");
                return null;
            }

            text.Append(value.GetString());
        }

        return text.ToString();
    }
}
