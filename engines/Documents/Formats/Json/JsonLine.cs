namespace RagPlatform.Documents;

/// <summary>Values that read well on one line: "name: value", short lists as "tags: a, b", small objects as "address.city: Oslo".</summary>
internal static class JsonLine
{
    /// <summary>A longer value is a text of its own.</summary>
    public const int MaxCharacters = 200;

    private const int MaxMembers = 8;

    /// <summary>Of objects in the object.</summary>
    private const int MaxDepth = 1;

    /// <summary>The member as lines of a name and a value each; null when it does not fit on lines.</summary>
    public static IReadOnlyList<(string Name, string Text)>? Of(string name, JsonSlice value) => Of(name, value, MaxDepth);

    private static IReadOnlyList<(string Name, string Text)>? Of(string name, JsonSlice value, int depth)
    {
        name = Name(name);
        if (!value.IsContainer)
        {
            return Scalar(value) is { } text ? [(name, text)] : null;
        }

        return value.IsArray ? List(name, value) : Object(name, value, depth);
    }

    /// <summary>On one line, and something where it is blank.</summary>
    public static string Name(string name)
    {
        var words = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length > 0 ? words : $"\"{words}\"";
    }

    private static string? Scalar(JsonSlice value)
    {
        var text = value.Text();
        return text.Length > MaxCharacters || text.AsSpan().ContainsAny('\n', '\r') ? null
            : string.IsNullOrWhiteSpace(text) ? "\"\""
            : text;
    }

    private static IReadOnlyList<(string, string)>? List(string name, JsonSlice value)
    {
        var items = value.Items();
        if (items.Count > MaxCharacters / 2)
        {
            return null;
        }

        var texts = new List<string>();
        foreach (var item in items)
        {
            if (item.IsContainer || Scalar(item) is not { } text || (items.Count > 1 && text.Contains(',', StringComparison.Ordinal)))
            {
                return null;
            }

            texts.Add(text);
        }

        var line = texts.Count == 0 ? "[]" : string.Join(", ", texts);
        return line.Length <= MaxCharacters ? [(name, line)] : null;
    }

    private static List<(string, string)>? Object(string name, JsonSlice value, int depth)
    {
        var members = value.Members();
        if (members.Count > MaxMembers)
        {
            return null;
        }

        var lines = new List<(string, string)>();
        foreach (var member in members)
        {
            if ((depth == 0 && member.Value.IsObject) || Of(member.Name, member.Value, depth - 1) is not { } inner || lines.Count + inner.Count > MaxMembers)
            {
                return null;
            }

            lines.AddRange(inner.Select(line => ($"{name}.{line.Name}", line.Text)));
        }

        return lines.Count > 0 ? lines : [(name, "{}")];
    }
}
