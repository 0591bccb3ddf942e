using System.Text.Json;

namespace RagPlatform.CommandLine.Evaluation;

/// <summary>One line of an input file; what is wrong with it is said with the file's name and the line's number.</summary>
internal readonly record struct InputLine(string File, int Number, string Text)
{
    private const long MaxFileBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>The lines that are not blank.</summary>
    public static IEnumerable<InputLine> Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new CommandException($"there is no {path}.", EvaluationHelp.Formats, ExitCode.Usage);
        }

        if (file.Length > MaxFileBytes)
        {
            throw new CommandException($"{path} has {file.Length} bytes; at most {MaxFileBytes} are read.", "Evaluate on a part of it.", ExitCode.Usage);
        }

        return System.IO.File.ReadLines(path)
            .Select((text, index) => new InputLine(file.Name, index + 1, text))
            .Where(line => !string.IsNullOrWhiteSpace(line.Text));
    }

    /// <summary>The line's JSON object.</summary>
    public JsonElement Json()
    {
        try
        {
            using var document = JsonDocument.Parse(Text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Wrong("it is no JSON object.");
        }
        catch (JsonException failure)
        {
            throw Wrong($"it is no JSON: {failure.Message}");
        }
    }

    /// <summary>A field's text, empty when it is not there or null.</summary>
    public string OptionalText(JsonElement json, string field) => json.TryGetProperty(field, out var value) && value.ValueKind is not JsonValueKind.Null
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(), // ids are sometimes written so
            _ => throw Wrong($"\"{field}\" is {value.GetRawText()}; it must be text."),
        }
        : "";

    public string RequiredText(JsonElement json, string field, int maxCharacters)
    {
        var text = OptionalText(json, field);
        return text.Length == 0 || string.IsNullOrWhiteSpace(text) ? throw Wrong($"\"{field}\" is missing or empty.")
            : text.Length > maxCharacters ? throw Wrong($"\"{field}\" has {text.Length} characters; at most {maxCharacters} are allowed.")
            : text;
    }

    public CommandException Wrong(string mistake) => new($"{File} line {Number}: {mistake}", EvaluationHelp.Formats, ExitCode.Usage);
}
