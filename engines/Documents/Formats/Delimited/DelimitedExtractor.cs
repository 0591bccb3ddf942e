using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// The stored text is the table as Markdown rows, so that a quoted row reads the same whatever delimited its cells; each row knows
/// its number. The first row is the header where it looks like names; a title may stand above it.
/// </summary>
internal static class DelimitedExtractor
{
    public static ExtractedDocument Extract(string text, char usualDelimiter, CancellationToken cancellationToken)
    {
        var (start, declared) = SeparatorLine(text);
        var reader = new DelimitedReader(text, start, declared ?? DelimiterSniffer.Find(text, start, usualDelimiter));
        var builder = new DocumentTextBuilder();
        var sample = new Queue<(int Number, IReadOnlyList<string> Cells)>();
        while (sample.Count < 100 && reader.Read() is { } row)
        {
            sample.Enqueue((reader.Row, row));
        }

        var columns = 0;
        if (RowsAboveHeader(sample) is { } rowsAbove)
        {
            for (var i = 0; i < rowsAbove; i++)
            {
                var (row, title) = sample.Dequeue();
                builder.Location = new SourceLocation(LocationKind.Row, row);
                builder.AddParagraph(string.Concat(title));
            }

            var (number, names) = sample.Dequeue();
            columns = names.Count;
            builder.Location = new SourceLocation(LocationKind.Row, number);
            builder.AddTableHeader(names);
        }

        var (ragged, firstRagged) = (0, 0);
        foreach (var (number, cells) in sample.Concat(Rest(reader)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (columns > 0 && cells.Count != columns && cells is not [""])
            {
                ragged++;
                firstRagged = firstRagged == 0 ? number : firstRagged;
            }

            builder.Location = new SourceLocation(LocationKind.Row, number);
            builder.AddTableRow(cells);
        }

        Warn(builder, reader, columns, ragged, firstRagged);
        return builder.Build();
    }

    /// <summary>"sep=;" on a first line of its own tells a spreadsheet the delimiter; it is no row.</summary>
    private static (int Start, char? Delimiter) SeparatorLine(string text)
    {
        if (!text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) || text.Length < 6 || char.IsLetterOrDigit(text[4]) || text[4] is '"' or '\r' or '\n')
        {
            return (0, null);
        }

        return text.AsSpan(5) switch
        {
            ['\r', '\n', ..] => (7, text[4]),
            ['\r' or '\n', ..] => (6, text[4]),
            _ => (0, null),
        };
    }

    /// <summary>Exports have a title, each line of it in one cell, above the names of the columns.</summary>
    /// <returns>Null where no row is a header.</returns>
    private static int? RowsAboveHeader(IReadOnlyCollection<(int Number, IReadOnlyList<string> Cells)> sample)
    {
        var rows = sample.Select(row => row.Cells).ToList();
        if (HeaderRow.IsHeader(rows.FirstOrDefault([]), rows.Skip(1)))
        {
            return 0;
        }

        var above = rows.TakeWhile(row => row.Count(cell => !string.IsNullOrWhiteSpace(cell)) < 2).Count();
        return above < rows.Count && HeaderRow.IsHeader(rows[above], rows.Skip(above + 1)) ? above : null;
    }

    private static IEnumerable<(int Number, IReadOnlyList<string> Cells)> Rest(DelimitedReader reader)
    {
        while (reader.Read() is { } row)
        {
            yield return (reader.Row, row);
        }
    }

    private static void Warn(DocumentTextBuilder builder, DelimitedReader reader, int columns, int ragged, int firstRagged)
    {
        if (ragged > 0)
        {
            builder.AddWarning(string.Create(
                CultureInfo.InvariantCulture, $"{ragged} rows have not the {columns} cells that the header has; the first is row {firstRagged}. All their cells are kept."));
        }

        if (reader.UnclosedQuoteRow > 0)
        {
            builder.AddWarning(string.Create(
                CultureInfo.InvariantCulture, $"A quote that opens in row {reader.UnclosedQuoteRow} is never closed; from there on quotes are read as text."));
        }
    }
}
