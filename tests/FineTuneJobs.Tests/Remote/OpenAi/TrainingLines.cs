using System.Text.Json;
using System.Text.Json.Nodes;

namespace RagPlatform.FineTuneJobs.Tests.Remote.OpenAi;

/// <summary>What OpenAI's documentation says of a chat training file.</summary>
internal static class TrainingLines
{
    /// <summary>The first fault; null where the file is right.</summary>
    public static string? FindFault(string content)
    {
        var lines = content.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "the file is empty" : lines.Select((line, index) => FaultOf(line) is { } fault ? $"line {index + 1}: {fault}" : null).FirstOrDefault(fault => fault is not null);
    }

    private static string? FaultOf(string line)
    {
        try
        {
            var example = JsonNode.Parse(line)!.AsObject();
            if (example.Select(property => property.Key).Except(["messages", "tools", "parallel_tool_calls"]).FirstOrDefault() is { } stranger)
            {
                return $"unknown key {stranger}";
            }

            var messages = example["messages"]!.AsArray();
            return messages.Count == 0 ? "no messages"
                : (string?)messages[^1]!["role"] != "assistant" ? "the last message is not the assistant's"
                : messages.Select(message => FaultOf(message!.AsObject())).FirstOrDefault(fault => fault is not null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            return exception.Message;
        }
    }

    private static string? FaultOf(JsonObject message)
    {
        var role = (string?)message["role"];
        string[] known = role switch
        {
            "system" or "user" => ["role", "content", "name"],
            "assistant" => ["role", "content", "name", "weight", "tool_calls"],
            "tool" => ["role", "content", "tool_call_id"],
            _ => [],
        };
        return known.Length == 0 ? $"unknown role {role}"
            : message.Select(property => property.Key).Except(known).FirstOrDefault() is { } stranger ? $"unknown key {stranger} of {role}"
            : role == "tool" && message["tool_call_id"] is null ? "a tool's message without tool_call_id"
            : !message.ContainsKey("content") && !message.ContainsKey("tool_calls") ? "a message without content"
            : null;
    }
}
