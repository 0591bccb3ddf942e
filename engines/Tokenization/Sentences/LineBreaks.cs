namespace RagPlatform.Tokenization;

/// <summary>Tells a wrapped line from one that stands for itself.</summary>
internal static class LineBreaks
{
    private const int MaxListDigits = 3;

    /// <param name="i">At a line feed.</param>
    /// <returns>True before a blank line, a list item, a table row, a heading or the end.</returns>
    public static bool EndsSentence(ReadOnlySpan<char> text, int i)
    {
        var line = text[(i + 1)..];
        var indent = line.IndexOfAnyExcept(" \t\r");
        return indent < 0 || line[indent] == '\n' || StartsItem(line[indent..]);
    }

    private static bool StartsItem(ReadOnlySpan<char> line)
    {
        if (line[0] is '|' or '#' or '•' or '–')
        {
            return true;
        }

        if (line[0] is '-' or '*' or '+')
        {
            return line.Length > 1 && line[1] is ' ' or '\t';
        }

        var digits = line.IndexOfAnyExceptInRange('0', '9');
        return digits is >= 1 and <= MaxListDigits && line.Length > digits + 1 && line[digits] is '.' or ')' && line[digits + 1] == ' ';
    }
}
