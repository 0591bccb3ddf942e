using System.Globalization;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Reads <c>{"messages", "tools"?, "parallel_tool_calls"?, "group"?}</c>, as OpenAI's fine-tuning API documents it.</summary>
internal sealed class ChatReader(string groupField)
{
    private readonly string[] known = ["messages", "tools", "parallel_tool_calls", groupField];

    public ChatExample? Read(JsonElement json, LineReport report, UnknownKeys unknown)
    {
        var line = JsonObject.Read(json, "", "", known, report, unknown);
        var group = GroupName.Read(line, groupField);
        var tools = ToolList.Read(line, report);
        if (line.Find("parallel_tool_calls") is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) } parallel)
        {
            line.ReportType("parallel_tool_calls", parallel, "true or false");
        }

        if (line.Require("messages", JsonValueKind.Array, "an array of messages") is not { } messages)
        {
            return null;
        }

        var reader = new MessageReader(tools, report, unknown);
        var turns = new List<ChatTurn>();
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (reader.Read(message, string.Create(CultureInfo.InvariantCulture, $"messages[{index++}]")) is { } turn)
            {
                turns.Add(turn);
            }
        }

        // What misses a message that could not be read would be reported wrongly.
        if (!report.HasErrors)
        {
            JudgeOrder(turns, report);
        }

        return new ChatExample(report.Line, group, turns, tools?.Json);
    }

    private static void JudgeOrder(List<ChatTurn> turns, LineReport report)
    {
        if (!turns.Exists(turn => turn.Role == "assistant"))
        {
            report.Add(
                FindingCode.NoAssistantMessage, "messages", turns.Count == 0 ? "There are no messages." : "No message is the assistant's.",
                "Add the answer that is to be learnt, with the role assistant.");
            return;
        }

        if (turns[^1].Role != "assistant")
        {
            report.Add(
                FindingCode.LastNotAssistant, string.Create(CultureInfo.InvariantCulture, $"messages[{turns.Count - 1}].role"), $"The last message is of the role {turns[^1].Role}.",
                "End with the assistant's answer, or take out what comes after it.");
        }

        if (!turns.Exists(turn => turn.IsLearnt))
        {
            report.Add(
                FindingCode.NothingToLearn, "messages", "Every message of the assistant has weight 0.",
                "Give weight 1 to one that is to be learnt, or leave the example out.");
        }

        if (!turns.Exists(turn => turn.Role == "user"))
        {
            report.Add(
                FindingCode.NoUserMessage, "messages", "No message is the user's.",
                "Put what the model is asked into a message of the role user.");
        }
    }
}
