namespace RagPlatform.Documents;

/// <summary>Finds the delimiter that cuts the first rows most evenly.</summary>
internal static class DelimiterSniffer
{
    /// <summary>Fewer than a row may have columns, so that no limit is met while trying.</summary>
    private const int SampleCharacters = DelimitedReader.MaxColumns - 1;

    private const int SampleRows = 100;

    /// <summary>Fewer rows are alike by accident.</summary>
    private const int RowsToBeSure = 4;

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <param name="text">The table.</param>
    /// <param name="start">Where its first row starts.</param>
    /// <param name="usual">Taken where others are no better.</param>
    public static char Find(string text, int start, char usual)
    {
        var sample = text.Substring(start, Math.Min(text.Length - start, SampleCharacters));
        var best = (Delimiter: usual, Evenness: 0.0, Columns: 1);
        foreach (var delimiter in Delimiters.OrderByDescending(delimiter => delimiter == usual))
        {
            var rows = Rows(sample, delimiter, isWhole: sample.Length == text.Length - start);
            if (rows.Count == 0)
            {
                continue;
            }

            var usualWidth = rows.CountBy(row => row.Count).MaxBy(width => width.Value);
            var (columns, evenness) = (usualWidth.Key, (double)usualWidth.Value / rows.Count);
            if (columns > 1 && (evenness > best.Evenness || (evenness == best.Evenness && columns > best.Columns)))
            {
                best = (delimiter, evenness, columns);
            }
        }

        return best.Delimiter;
    }

    /// <summary>
    /// True for what is no prose: at least four rows of the same three or more cells (two with tabs) below a row of names. A
    /// cell that starts with a space is prose's.
    /// </summary>
    public static bool IsTable(ReadOnlySpan<byte> content, char usual)
    {
        if (TextSniffer.Start(content) is not { Length: > 0 } start)
        {
            return false;
        }

        var delimiter = Find(start, 0, usual);
        var rows = Rows(start, delimiter, isWhole: start.EndsWith('\n'));
        var columns = rows.Count > 0 ? rows[0].Count : 0;
        return (delimiter == '\t') == (usual == '\t')
            && delimiter != '|'
            && columns >= (delimiter == '\t' ? 2 : 3)
            && rows.Count >= RowsToBeSure
            && rows.All(row => row.Count == columns && !row.Any(cell => cell.StartsWith(' ')))
            && HeaderRow.IsHeader(rows[0], rows.Skip(1));
    }

    private static List<IReadOnlyList<string>> Rows(string sample, char delimiter, bool isWhole)
    {
        var reader = new DelimitedReader(sample, 0, delimiter);
        var rows = new List<IReadOnlyList<string>>();
        while (rows.Count < SampleRows && reader.Read() is { } row)
        {
            rows.Add(row);
        }

        if (!isWhole && rows.Count is > 1 and < SampleRows)
        {
            // Cut off in the middle.
            rows.RemoveAt(rows.Count - 1);
        }

        rows.RemoveAll(row => row is [var only] && string.IsNullOrWhiteSpace(only));
        return rows;
    }
}
