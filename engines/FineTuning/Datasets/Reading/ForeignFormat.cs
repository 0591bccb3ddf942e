namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Knows the keys of widespread formats that are not ours, to say how they are written here.</summary>
internal static class ForeignFormat
{
    private const int MaxNamed = 6;
    private const string Formats = "messages; prompt and completion; or query and positive";
    private static readonly string[] Known = ["messages", "prompt", "completion", "query", "positive"];

    public static (string Problem, string Remedy) Describe(IReadOnlyList<string> keys)
    {
        var problem = keys.Count == 0
            ? "The line is an empty object."
            : $"The line has no key of a known format ({Formats}); it has {string.Join(", ", keys.Take(MaxNamed).Select(Text.Shown))}{(keys.Count > MaxNamed ? ", …" : "")}.";
        return (problem, Remedy(keys));
    }

    private static string Remedy(IReadOnlyList<string> keys)
    {
        if (keys.Contains("instruction") && keys.Contains("output"))
        {
            return "This is Alpaca's format: write instruction and input as prompt, output as completion.";
        }

        if (keys.Contains("conversations"))
        {
            return "This is ShareGPT's format: write conversations as messages, from as role (human is user, gpt is assistant), value as content.";
        }

        if (keys.Contains("text") && keys.Contains("label"))
        {
            return "Write text as prompt and label as completion.";
        }

        if (keys.Contains("anchor"))
        {
            return "Write anchor as query.";
        }

        var meant = keys.Select(key => (Key: key, Meant: Suggestion.For(key, Known))).FirstOrDefault(pair => pair.Meant is not null);
        return meant.Meant is null ? $"Write it with {Formats}." : $"Did you mean {meant.Meant} by {Text.Shown(meant.Key)}?";
    }
}
