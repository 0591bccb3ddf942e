namespace RagPlatform.Answers;

/// <summary>What Markdown writes around text: recognised at a line's edges, never removed from its middle.</summary>
internal static class Marks
{
    public static bool IsFence(ReadOnlySpan<char> line) => line.StartsWith("```") || line.StartsWith("~~~");

    public static bool IsHeading(ReadOnlySpan<char> line)
    {
        var level = line.Length - line.TrimStart('#').Length;
        return level is >= 1 and <= 6 && (level == line.Length || line[level] == ' ');
    }

    /// <summary>"===" or "---" under a line makes that line a heading.</summary>
    public static bool IsUnderline(ReadOnlySpan<char> line) =>
        line.Length >= 3 && line[0] is '=' or '-' && line.TrimStart(line[0]).IsEmpty;

    /// <summary>
    /// A passage may begin in the middle of a code block. It does when its fences do not pair up, the first names no
    /// language, and the line above that is neither blank nor an introduction.
    /// </summary>
    public static bool BeginsInFence(ReadOnlySpan<char> text)
    {
        var fences = 0;
        var looksLikeEnd = false;
        var above = ReadOnlySpan<char>.Empty;
        foreach (var row in text.EnumerateLines())
        {
            var line = row.Trim();
            if (IsFence(line))
            {
                looksLikeEnd = fences == 0 ? line.Length == 3 && !above.IsEmpty && above[^1] != ':' : looksLikeEnd;
                fences++;
            }

            above = line;
        }

        return looksLikeEnd && fences % 2 == 1;
    }

    /// <summary>"**Decision.**": all of it in bold, and short.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text) =>
        text.Length <= 40 && text.StartsWith("**") && text.EndsWith("**") && !text.Trim('*').Contains('*');

    public static bool HasWord(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character) || char.IsSurrogate(character))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>"- ", "* ", "+ ", "3. " or "3) " with what follows it up to the text ("[ ] " of a task); 0 when there is none.</summary>
    public static int ListMarkLength(ReadOnlySpan<char> line)
    {
        var digits = 0;
        while (digits < line.Length && digits < 4 && char.IsAsciiDigit(line[digits]))
        {
            digits++;
        }

        var isMark = digits < line.Length && (digits == 0 ? line[0] is '-' or '*' or '+' : line[digits] is '.' or ')');
        if (!isMark || digits + 1 >= line.Length || line[digits + 1] is not (' ' or '\t'))
        {
            return 0;
        }

        var rest = line[(digits + 1)..].TrimStart();
        if (rest.StartsWith("[ ] ") || rest.StartsWith("[x] "))
        {
            rest = rest[4..].TrimStart();
        }

        return line.Length - rest.Length;
    }

    /// <summary>Opens a block that shows a terminal: what stands behind a prompt was typed, the rest is what a program printed.</summary>
    public static bool IsSessionFence(ReadOnlySpan<char> line) =>
        line.TrimStart("`~").Trim() is "console" or "shell-session" or "shellsession" or "terminal";

    /// <summary>The shell's prompt before a command.</summary>
    public static int PromptLength(ReadOnlySpan<char> line) => line.StartsWith("$ ") ? 2 : line.StartsWith("PS> ") ? 4 : 0;

    /// <summary>Takes white space off both ends, and quote marks, bullets and table bars where the kind has them.</summary>
    public static (int Start, int End) Trim(ReadOnlySpan<char> text, int start, int end, UnitKind kind)
    {
        while (start < end && (char.IsWhiteSpace(text[start]) || (kind is not UnitKind.CodeLine && text[start] == '>') || (kind is UnitKind.TableRow && text[start] == '|')))
        {
            start++;
        }

        while (end > start && (char.IsWhiteSpace(text[end - 1]) || (kind is UnitKind.TableRow && text[end - 1] == '|')))
        {
            end--;
        }

        return (start, end);
    }
}
