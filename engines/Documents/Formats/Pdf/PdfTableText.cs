namespace RagPlatform.Documents;

/// <summary>A table's rows as text; its first row names the columns only where that is safe to say.</summary>
internal static class PdfTableText
{
    public static void Add(DocumentTextBuilder builder, IReadOnlyList<string[]> rows)
    {
        var hasHeader = HasHeader(rows);
        if (hasHeader)
        {
            builder.AddTableHeader(rows[0]);
        }

        foreach (var row in rows.Skip(hasHeader ? 1 : 0))
        {
            builder.AddTableRow(row);
        }
    }

    /// <summary>No figure in it, and a name over every column of figures, of which there is one.</summary>
    private static bool HasHeader(IReadOnlyList<string[]> rows)
    {
        if (rows.Count < 2 || rows[0].Any(IsFigure))
        {
            return false;
        }

        var figures = Enumerable.Range(0, rows[0].Length).Where(column => IsOfFigures(rows.Skip(1).Select(row => row[column]))).ToList();
        return figures.Count > 0 && figures.TrueForAll(column => rows[0][column].Length > 0);
    }

    private static bool IsOfFigures(IEnumerable<string> cells)
    {
        var filled = cells.Where(cell => cell.Length > 0).ToList();
        return filled.Count > 0 && 2 * filled.Count(IsFigure) >= filled.Count;
    }

    /// <summary>It begins with a digit, perhaps after a sign or a currency.</summary>
    private static bool IsFigure(string cell) => cell.AsSpan().TrimStart("+-−–$€£¥±~<>(") is [>= '0' and <= '9', ..];
}
