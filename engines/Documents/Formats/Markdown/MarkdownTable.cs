using System.Buffers;

namespace RagPlatform.Documents;

/// <summary>Recognises GFM tables in a paragraph: a line with a pipe, then a line of dashes, colons and pipes.</summary>
internal static class MarkdownTable
{
    private static readonly SearchValues<char> DelimiterCharacters = SearchValues.Create("|-: >\t\r");

    /// <summary>
    /// Adds a block per row, the delimiter line in the header's; prose before, between and after tables as blocks of
    /// <paramref name="kind"/>. A line without a pipe ends a table. False when text[start..end] holds none, and nothing is added.
    /// </summary>
    public static bool TryAdd(BlockList blocks, BlockKind kind, string text, int start, int end)
    {
        var proseStart = start;
        var found = false;
        for (var line = start; line < end;)
        {
            var headerEnd = LineEnd(text, line, end);
            var delimiterEnd = headerEnd < end ? LineEnd(text, headerEnd + 1, end) : end;
            if (headerEnd == end || !HasPipe(text, line, headerEnd) || !IsDelimiter(text.AsSpan(headerEnd + 1, delimiterEnd - headerEnd - 1)))
            {
                line = headerEnd + 1;
                continue;
            }

            found = true;
            blocks.Add(kind, text, proseStart, line);
            blocks.Add(BlockKind.TableHeader, text, line, delimiterEnd);
            line = delimiterEnd + 1;
            while (line < end && LineEnd(text, line, end) is var rowEnd && HasPipe(text, line, rowEnd))
            {
                if (rowEnd < end && IsDelimiter(text.AsSpan(rowEnd + 1, LineEnd(text, rowEnd + 1, end) - rowEnd - 1)))
                {
                    // The next table begins without a line between.
                    break;
                }

                blocks.Add(BlockKind.TableRow, text, line, rowEnd);
                line = rowEnd + 1;
            }

            proseStart = line;
        }

        if (found)
        {
            blocks.Add(kind, text, Math.Min(proseStart, end), end);
        }

        return found;
    }

    private static bool HasPipe(string text, int start, int end) => text.AsSpan(start, end - start).Contains('|');

    private static int LineEnd(string text, int start, int end)
    {
        var newLine = text.AsSpan(start, end - start).IndexOf('\n');
        return newLine < 0 ? end : start + newLine;
    }

    private static bool IsDelimiter(ReadOnlySpan<char> line) =>
        line.Contains('|') && line.Contains('-') && !line.ContainsAnyExcept(DelimiterCharacters);
}
