using System.Text;
using System.Text.Json;

namespace RagPlatform.FineTuning.Decoding.Chat;

/// <summary>Tools as text, in the words of Qwen2.5's chat template, which many models know.</summary>
internal static class ToolText
{
    private const string Before = "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
        + "You are provided with function signatures within <tools></tools> XML tags:\n<tools>";

    private const string After = "\n</tools>\n\nFor each function call, return a json object with function name and arguments within "
        + "<tool_call></tool_call> XML tags:\n<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>";

    /// <summary>The system's message, with the functions on offer after it.</summary>
    /// <param name="system">May be empty.</param>
    /// <param name="tools">A JSON array; null for none.</param>
    public static string Offer(string system, string? tools)
    {
        if (tools is null)
        {
            return system;
        }

        var text = new StringBuilder(system).Append(system.Length > 0 ? "\n\n" : "").Append(Before);
        using var list = JsonDocument.Parse(tools);
        foreach (var tool in list.RootElement.EnumerateArray())
        {
            text.Append('\n').Append(tool.GetRawText());
        }

        return text.Append(After).ToString();
    }

    /// <summary>A message's text, with its calls after it: {"name", "arguments"} each, the arguments as an object where they are one.</summary>
    /// <param name="content">May be empty.</param>
    /// <param name="toolCalls">A JSON array as OpenAI has it; null for none.</param>
    public static string Answer(string content, string? toolCalls)
    {
        if (toolCalls is null)
        {
            return content;
        }

        var text = new StringBuilder(content);
        using var list = JsonDocument.Parse(toolCalls);
        foreach (var call in list.RootElement.EnumerateArray())
        {
            var function = call.TryGetProperty("function", out var inner) ? inner : call;
            text.Append(text.Length > 0 ? "\n" : "").Append("<tool_call>\n{\"name\": ")
                .Append(function.TryGetProperty("name", out var name) ? name.GetRawText() : "\"\"").Append(", \"arguments\": ")
                .Append(function.TryGetProperty("arguments", out var arguments) ? Arguments(arguments) : "{}").Append("}\n</tool_call>");
        }

        return text.ToString();
    }

    public static string Response(string text) => $"<tool_response>\n{text}\n</tool_response>";

    /// <summary>OpenAI gives them as a text that is JSON.</summary>
    private static string Arguments(JsonElement arguments)
    {
        if (arguments.ValueKind != JsonValueKind.String)
        {
            return arguments.GetRawText();
        }

        try
        {
            using var parsed = JsonDocument.Parse(arguments.GetString()!);
            return parsed.RootElement.GetRawText();
        }
        catch (JsonException)
        {
            return arguments.GetRawText();
        }
    }
}
