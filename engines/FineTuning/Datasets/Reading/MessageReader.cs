using System.Globalization;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Reads the messages of one conversation, in their order.</summary>
internal sealed class MessageReader(ToolList? tools, LineReport report, UnknownKeys unknown)
{
    private static readonly string[] Known = ["role", "content", "weight", "tool_calls", "tool_call_id", "name"];
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool"];

    private readonly HashSet<string> callIds = [];

    /// <summary>The message, or null with an error.</summary>
    public ChatTurn? Read(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            report.Add(FindingCode.WrongType, path, $"The message is {Text.TypeOf(json)}.", "Make it an object with role and content.");
            return null;
        }

        var message = JsonObject.Read(json, path, "messages[]", Known, report, unknown);
        message.Optional("name", JsonValueKind.String, "a string");
        var role = Role(message);
        var calls = message.Optional("tool_calls", JsonValueKind.Array, "an array of tool calls");
        var content = MessageContent.Read(message, calls is not null, report);
        if (role is null)
        {
            return null;
        }

        var weight = Weight(message, role);
        if (calls is { } array)
        {
            ToolCalls.Judge(array, message.Field("tool_calls"), role, tools, callIds, report, unknown);
        }

        JudgeCallId(message, role);
        if (content is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(content) && calls is null)
        {
            var isContext = role is "system" or "tool";
            report.Add(
                isContext ? FindingCode.EmptyContext : FindingCode.EmptyContent, message.Field("content"), $"The {role} message is empty.",
                isContext ? "Fill it or leave the message out." : "Fill it or leave the example out.");
        }

        return new ChatTurn(role, content, calls?.GetRawText(), weight);
    }

    private string? Role(JsonObject message)
    {
        if (message.Require("role", JsonValueKind.String, $"one of {string.Join(", ", Roles)}")?.GetString() is not { } role)
        {
            return null;
        }

        if (Roles.Contains(role))
        {
            return role == "developer" ? "system" : role;
        }

        var meant = role.ToLowerInvariant() switch
        {
            "human" => "user",
            "gpt" or "bot" or "ai" or "model" or "chatgpt" => "assistant",
            "function" or "ipython" or "observation" => "tool",
            _ => Suggestion.For(role, Roles),
        };
        report.Add(
            FindingCode.UnknownRole, message.Field("role"), $"The role \"{Text.Shown(role)}\" is not known.",
            $"Use one of {string.Join(", ", Roles)}.{(meant is null ? "" : $" Did you mean {meant}?")}");
        return null;
    }

    private int Weight(JsonObject message, string role)
    {
        if (message.Find("weight") is not { } value)
        {
            return 1;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var weight) || weight is not (0 or 1))
        {
            report.Add(
                FindingCode.InvalidWeight, message.Field("weight"), $"The weight is {Text.Shown(value.GetRawText())}.",
                "Use 1 where the assistant's message is learnt, 0 where it is not.");
            return 1;
        }

        if (role != "assistant")
        {
            report.Add(
                FindingCode.UselessWeight, message.Field("weight"), $"A {role} message has a weight; only the assistant's are learnt.",
                "Take it out.");
        }

        return (int)weight;
    }

    private void JudgeCallId(JsonObject message, string role)
    {
        var id = message.Optional("tool_call_id", JsonValueKind.String, "a string")?.GetString();
        if (role == "tool" && (id is null || !callIds.Contains(id)))
        {
            report.Add(
                FindingCode.ToolCallMismatch, message.Field("tool_call_id"),
                id is null ? "The tool's message does not say which call it answers." : $"No earlier tool call has the id \"{Text.Shown(id)}\".",
                "Give it the id of the tool call that it answers.");
        }
    }
}
