namespace RagPlatform.Documents;

/// <summary>
/// Finds tables by how their cells stand: rows below each other whose parts stand in the same columns and are short. Ruling
/// lines are not looked at; many tables have none.
/// </summary>
internal static class PdfTables
{
    private const int LongCellCharacters = 40;
    private const int MaxFailures = 50;
    private const double MaxRowDistance = 3.5;
    private const double AlignmentPoints = 3;

    /// <returns>The items from the top down; the lines of each table are one item.</returns>
    public static List<PdfItem> Find(IReadOnlyList<PdfItem> items, int minColumns)
    {
        var found = new List<PdfItem>();
        var rows = PdfItem.ToRows(items);
        var failures = 0;
        for (var start = 0; start < rows.Count;)
        {
            var end = RunEnd(rows, start);
            if (end - start > 1 && TryMake(rows.GetRange(start, end - start), minColumns) is { } table)
            {
                found.Add(table);
                start = end;
            }
            else
            {
                // What stands like a table and is none is looked at again from its next row, but not for ever.
                var skipped = end - start > 1 && ++failures > MaxFailures ? end - start : 1;
                found.AddRange(rows.GetRange(start, skipped).SelectMany(row => row));
                start += skipped;
            }
        }

        return found;
    }

    /// <summary>Behind the last row with several parts that follows closely, rows with one part between them included.</summary>
    private static int RunEnd(List<List<PdfItem>> rows, int start)
    {
        var end = start;
        for (var i = start; i < rows.Count && rows[i].TrueForAll(item => !item.IsTable); i++)
        {
            var isNear = i == start || rows[i][0].Bounds.Top - rows[i - 1][0].Bounds.Bottom < MaxRowDistance * rows[i][0].Bounds.Height;
            if (!isNear || (rows[i].Count == 1 && (i == start || !IsAligned(rows[i][0], rows[i - 1]))))
            {
                break;
            }

            end = rows[i].Count > 1 ? i + 1 : end;
        }

        return end;
    }

    private static bool IsAligned(PdfItem item, List<PdfItem> row) =>
        row.Exists(cell => Math.Abs(cell.Bounds.Left - item.Bounds.Left) < AlignmentPoints || Math.Abs(cell.Bounds.Right - item.Bounds.Right) < AlignmentPoints);

    private static PdfItem? TryMake(List<List<PdfItem>> rows, int minColumns)
    {
        var cells = rows.SelectMany(row => row).ToList();
        if (cells.Count(cell => cell.Bounds.Text.Length > LongCellCharacters) > cells.Count / 5)
        {
            return null;
        }

        var columns = FindColumns(cells, rows.Count);
        if (columns.Count < minColumns)
        {
            return null;
        }

        var table = rows.ConvertAll(row => ToCells(row, columns));
        return new PdfItem(
            new PdfLine(cells.Min(cell => cell.Bounds.Left), cells.Min(cell => cell.Bounds.Top), cells.Max(cell => cell.Bounds.Right), cells.Max(cell => cell.Bounds.Bottom), ""),
            table);
    }

    /// <summary>Where cells stand above each other; one cell that spans several columns does not join them.</summary>
    private static List<(double Left, double Right)> FindColumns(List<PdfItem> cells, int rows)
    {
        var spanning = rows >= 4 ? Math.Max(1, rows / 10) : 0;
        var edges = cells.Select(cell => (At: cell.Bounds.Left, Change: 1)).Concat(cells.Select(cell => (At: cell.Bounds.Right, Change: -1)))
            .OrderBy(edge => edge.At).ThenBy(edge => edge.Change);
        var columns = new List<(double Left, double Right)>();
        var open = 0;
        var left = 0.0;
        foreach (var (at, change) in edges)
        {
            if (open == spanning && change == 1)
            {
                left = at;
            }

            open += change;
            if (open == spanning && change == -1)
            {
                columns.Add((left, at));
            }
        }

        return columns;
    }

    private static string[] ToCells(List<PdfItem> row, List<(double Left, double Right)> columns)
    {
        var cells = new string[columns.Count];
        Array.Fill(cells, "");
        foreach (var item in row)
        {
            var column = Nearest(item.Bounds, columns);
            cells[column] = cells[column].Length == 0 ? item.Bounds.Text : $"{cells[column]} {item.Bounds.Text}";
        }

        return cells;
    }

    /// <summary>The column that shares most with it, else the nearest.</summary>
    private static int Nearest(PdfLine cell, List<(double Left, double Right)> columns)
    {
        var best = 0;
        for (var i = 1; i < columns.Count; i++)
        {
            best = Shared(cell, columns[i]) > Shared(cell, columns[best]) ? i : best;
        }

        return best;
    }

    /// <summary>Length in common; the distance, negative, where there is none.</summary>
    private static double Shared(PdfLine cell, (double Left, double Right) column) => Math.Min(cell.Right, column.Right) - Math.Max(cell.Left, column.Left);
}
