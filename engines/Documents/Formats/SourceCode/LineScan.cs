namespace RagPlatform.Documents;

/// <summary>Cuts at blank lines, and where there are such, at lines that name a section.</summary>
internal static class LineScan
{
    private const int MaxKeyCharacters = 120;

    public static IEnumerable<SourceSegment> Paragraphs(string text) => Scan(text, _ => null);

    /// <summary>A mapping's keys at the margin, as of YAML; "---" begins another document.</summary>
    public static IEnumerable<SourceSegment> Keys(string text) => Scan(text, line => Key(line));

    /// <summary>"[name]", and "[[name]]" of TOML.</summary>
    public static IEnumerable<SourceSegment> Sections(string text) => Scan(text, line => line.Trim() is ['[', .., ']'] name ? name.Trim(['[', ']', ' ']) : null);

    private static string? Key(string line)
    {
        if (line.StartsWith("---", StringComparison.Ordinal))
        {
            return "";
        }

        var colon = line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var inner ? inner : line.TrimEnd() is [.., ':'] only ? only.Length - 1 : -1;
        var key = colon > 0 ? line[..colon].Trim('"', '\'') : "";
        return key.Length is > 0 and <= MaxKeyCharacters && key[0] is not ('#' or '-' or '{' or '[') ? key : null;
    }

    /// <summary>Ends of lines included, in order, covering all of the text.</summary>
    public static IEnumerable<(int Start, int End)> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var newLine = text.IndexOf('\n', start);
            var end = newLine < 0 ? text.Length : newLine + 1;
            yield return (start, end);
            start = end;
        }
    }

    private static IEnumerable<SourceSegment> Scan(string text, Func<string, string?> section)
    {
        var start = 0;
        IReadOnlyList<string> path = [];
        foreach (var (lineStart, lineEnd) in Lines(text))
        {
            var isBlank = text.AsSpan(lineStart, lineEnd - lineStart).IsWhiteSpace();
            var name = char.IsWhiteSpace(text[lineStart]) ? null : section(text[lineStart..lineEnd]);
            if (isBlank || name is not null)
            {
                yield return new SourceSegment(start, lineStart, path);
                start = lineStart;
                path = name is null ? path : name.Length == 0 ? [] : [name];
            }
        }

        yield return new SourceSegment(start, text.Length, path);
    }
}
