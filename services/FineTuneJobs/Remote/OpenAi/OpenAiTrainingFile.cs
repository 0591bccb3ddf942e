using System.Text.Encodings.Web;
using System.Text.Json;
using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>Writes examples as OpenAI's chat format (https://platform.openai.com/docs/api-reference/fine-tuning/chat-input), without what is ours alone, such as groups.</summary>
internal static class OpenAiTrainingFile
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Examples that are no chats are left out.</summary>
    /// <returns>How many were written.</returns>
    public static int Write(IReadOnlyList<TrainingExample> examples, Stream stream)
    {
        var written = 0;
        using var writer = new Utf8JsonWriter(stream, Options);
        foreach (var chat in examples.OfType<ChatExample>())
        {
            WriteChat(writer, chat);
            writer.Flush();
            stream.WriteByte((byte)'\n');
            writer.Reset();
            written++;
        }

        return written;
    }

    private static void WriteChat(Utf8JsonWriter writer, ChatExample chat)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("messages");
        // Our examples do not keep which call a tool's message answers: they answer in the order of the calls.
        var calls = new Queue<string>();
        foreach (var turn in chat.Messages)
        {
            WriteTurn(writer, turn, calls);
        }

        writer.WriteEndArray();
        if (chat.Tools is not null)
        {
            writer.WritePropertyName("tools");
            writer.WriteRawValue(chat.Tools);
        }

        writer.WriteEndObject();
    }

    private static void WriteTurn(Utf8JsonWriter writer, ChatTurn turn, Queue<string> calls)
    {
        writer.WriteStartObject();
        writer.WriteString("role", turn.Role);
        if (turn.Content.Length > 0 || turn.ToolCalls is null)
        {
            writer.WriteString("content", turn.Content);
        }

        if (turn.ToolCalls is not null)
        {
            writer.WritePropertyName("tool_calls");
            writer.WriteRawValue(turn.ToolCalls);
            calls.Clear();
            using var json = JsonDocument.Parse(turn.ToolCalls);
            foreach (var call in json.RootElement.EnumerateArray())
            {
                calls.Enqueue(RemoteJob.Text(call, "id"));
            }
        }

        if (turn.Role == "tool" && calls.TryDequeue(out var id))
        {
            writer.WriteString("tool_call_id", id);
        }

        if (turn is { Role: "assistant", Weight: 0 })
        {
            writer.WriteNumber("weight", 0);
        }

        writer.WriteEndObject();
    }
}
