using System.Buffers;

namespace RagPlatform.Documents;

/// <summary>Recognises a GFM table in a paragraph: a line with a pipe, then a line of dashes, colons and pipes.</summary>
internal static class MarkdownTable
{
    private static readonly SearchValues<char> DelimiterCharacters = SearchValues.Create("|-: >\t\r");

    /// <summary>Adds a block per row, the delimiter line in the header's; false when text[start..end] is no table.</summary>
    public static bool TryAdd(BlockList blocks, string text, int start, int end)
    {
        var headerEnd = LineEnd(text, start, end);
        if (headerEnd == end || !text.AsSpan(start, headerEnd - start).Contains('|'))
        {
            return false;
        }

        var delimiterEnd = LineEnd(text, headerEnd + 1, end);
        if (!IsDelimiter(text.AsSpan(headerEnd + 1, delimiterEnd - headerEnd - 1)))
        {
            return false;
        }

        blocks.Add(BlockKind.TableHeader, text, start, delimiterEnd);
        for (var rowStart = delimiterEnd + 1; rowStart < end;)
        {
            var rowEnd = LineEnd(text, rowStart, end);
            blocks.Add(BlockKind.TableRow, text, rowStart, rowEnd);
            rowStart = rowEnd + 1;
        }

        return true;
    }

    private static int LineEnd(string text, int start, int end)
    {
        var newLine = text.AsSpan(start, end - start).IndexOf('\n');
        return newLine < 0 ? end : start + newLine;
    }

    private static bool IsDelimiter(ReadOnlySpan<char> line) =>
        line.Contains('|') && line.Contains('-') && !line.ContainsAnyExcept(DelimiterCharacters);
}
