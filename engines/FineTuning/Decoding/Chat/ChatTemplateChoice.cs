using System.Text.Json;
using System.Text.RegularExpressions;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Decoding.Chat;

/// <summary>
/// Which form a model is spoken to in: the one that its own chat_template writes (tokenizer_config.json or chat_template.jinja), known by its
/// control tokens, with the system's message that it puts where there is none; plain for a model without.
/// </summary>
internal static partial class ChatTemplateChoice
{
    private const string ConfigFile = "tokenizer_config.json";
    private const string JinjaFile = "chat_template.jinja";
    private const int MaxFileBytes = 16 * 1024 * 1024;

    /// <param name="files">Of the base model.</param>
    /// <param name="tokenizer">Its own.</param>
    /// <param name="wanted">One of <see cref="ChatTemplate.Names"/>; null to go by the model.</param>
    /// <exception cref="TrainingException">MODEL_UNSUITABLE: its form is none of those, or its vocabulary lacks the form's tokens.</exception>
    public static ChatTemplate Choose(IModelFiles files, JsonTokenizer tokenizer, string? wanted)
    {
        var own = ReadOwn(files);
        var name = wanted ?? (own is null ? ChatTemplate.Plain
            : own.Contains("<|im_start|>", StringComparison.Ordinal) ? ChatTemplate.ChatMl
            : own.Contains("<|start_header_id|>", StringComparison.Ordinal) ? ChatTemplate.Llama3
            : throw new TrainingException(
                "MODEL_UNSUITABLE", $"The model's chat_template is of none of the forms that are built ({string.Join(", ", ChatTemplate.Names)}).",
                "Set chat_template to one of them; the model is then asked in that form when it serves, too."));
        var system = name == ChatTemplate.ChatMl && own is not null && DefaultSystem().Match(own) is { Success: true } match
            ? Regex.Unescape(match.Groups["text"].Value) : null;
        var template = new ChatTemplate(name, system);
        var missing = template.Tokens.Where(token => tokenizer.IdOf(token) is null).ToList();
        return missing.Count == 0 ? template : throw new TrainingException(
            "MODEL_UNSUITABLE", $"The model's vocabulary has no {string.Join(" and no ", missing)}, which the chat template {name} writes.",
            $"Set chat_template to {ChatTemplate.Plain}.");
    }

    private static string? ReadOwn(IModelFiles files)
    {
        if (files.Exists(JinjaFile))
        {
            using var reader = new StreamReader(Bounded(files, JinjaFile));
            return reader.ReadToEnd();
        }

        if (!files.Exists(ConfigFile))
        {
            return null;
        }

        try
        {
            using var stream = Bounded(files, ConfigFile);
            using var json = JsonDocument.Parse(stream);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("chat_template", out var template)
                ? template.ValueKind switch
                {
                    JsonValueKind.String => template.GetString(),
                    JsonValueKind.Null => null,
                    // Several by name, of which "default" counts.
                    _ => template.GetRawText(),
                }
                : null;
        }
        catch (JsonException exception)
        {
            throw new TrainingException("MODEL_UNSUITABLE", $"{ConfigFile} is not JSON: {exception.Message}", "Pull the model again.");
        }
    }

    private static Stream Bounded(IModelFiles files, string name)
    {
        var stream = files.Open(name);
        if (stream.Length <= MaxFileBytes)
        {
            return stream;
        }

        stream.Dispose();
        throw new TrainingException("MODEL_UNSUITABLE", $"{name} has {stream.Length} bytes; the limit is {MaxFileBytes}.", "Pull the model again.");
    }

    /// <summary>A system's message that stands in the template itself.</summary>
    [GeneratedRegex(@"<\|im_start\|>system\\n(?<text>[^<'""{}]+)<\|im_end\|>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DefaultSystem();
}
