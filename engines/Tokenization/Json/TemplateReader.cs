namespace RagPlatform.Tokenization.Json;

/// <summary>Reads what every input begins and ends with (Hugging Face tokenizers, "post_processor").</summary>
internal static class TemplateReader
{
    /// <summary>Published models have up to four.</summary>
    private const int MaxTokens = 32;

    /// <exception cref="InvalidDataException">Damaged, not supported, or more tokens than any input could spare.</exception>
    public static (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) Read(JsonNode node, Func<string, int?> find)
    {
        var (prefix, suffix) = ReadAny(node, find);
        return prefix.Count + suffix.Count <= MaxTokens
            ? (prefix, suffix)
            : throw node.Wrong($"puts {prefix.Count + suffix.Count} tokens around every text; the limit is {MaxTokens}");
    }

    private static (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) ReadAny(JsonNode node, Func<string, int?> find) => node.IsNull ? ([], []) : node.Type switch
    {
        // Trims the offsets of tokens; ids are as they are.
        "ByteLevel" => ([], []),
        "TemplateProcessing" => ReadTemplate(node, find),
        "BertProcessing" or "RobertaProcessing" => ([ReadPair(node.Required("cls"))], [ReadPair(node.Required("sep"))]),
        "Sequence" => ReadSequence(node, find),
        var type => throw node.Unsupported(type),
    };

    /// <summary>Each wraps what the ones before it made.</summary>
    private static (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) ReadSequence(JsonNode node, Func<string, int?> find)
    {
        List<int> prefix = [];
        List<int> suffix = [];
        foreach (var processor in node["processors"].Items())
        {
            var (before, after) = ReadAny(processor, find);
            prefix = [.. before, .. prefix];
            suffix = [.. suffix, .. after];
        }

        return (prefix, suffix);
    }

    private static (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) ReadTemplate(JsonNode node, Func<string, int?> find)
    {
        List<int> prefix = [];
        List<int> suffix = [];
        var isAfter = false;
        foreach (var part in node.Required("single").Items())
        {
            if (part["SpecialToken"].IsNull)
            {
                _ = isAfter ? throw part.Wrong("has the text a second time") : part.Required("Sequence");
                isAfter = true;
                continue;
            }

            (isAfter ? suffix : prefix).AddRange(IdsOf(node, part["SpecialToken"].Required("id"), find));
        }

        return (prefix, suffix);
    }

    /// <summary>From the processor's own table, else from the vocabulary.</summary>
    private static IEnumerable<int> IdsOf(JsonNode template, JsonNode token, Func<string, int?> find)
    {
        var name = token.Text();
        var ids = template["special_tokens"][name]["ids"];
        return ids.IsNull
            ? [find(name) ?? throw token.Wrong($"is '{name}', which is no token")]
            : ids.Items().Select(id => id.Integer(0, 4_000_000));
    }

    private static int ReadPair(JsonNode pair) =>
        pair.Items().Take(3).ToArray() is [_, var id] ? id.Integer(0, 4_000_000) : throw pair.Wrong("is no pair of a token and its id");
}
