namespace RagPlatform.Documents;

/// <summary>
/// Tells a sheet as the tables that it holds: rows without an empty one between them, the first naming the columns. Rows below an
/// empty one go on with the table above where they keep to its columns and begin with values: groups, and totals.
/// </summary>
internal sealed class SheetTables(DocumentTextBuilder builder, string sheet, IReadOnlyDictionary<CellReference, string> links, CancellationToken cancellationToken)
{
    /// <summary>Of the table above.</summary>
    private int[] _columns = [];

    public void Add(List<SheetRow> rows)
    {
        for (var start = 0; start < rows.Count;)
        {
            var end = start + 1;
            while (end < rows.Count && rows[end].Number == rows[end - 1].Number + 1)
            {
                end++;
            }

            Add(rows, start, end);
            start = end;
        }
    }

    private void Add(List<SheetRow> rows, int start, int end)
    {
        var columns = new SortedSet<int>();
        for (var i = start; i < end; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            columns.UnionWith(rows[i].Cells.Select(cell => cell.Column));
        }

        // A title above its table is one cell wide.
        while (start < end && rows[start].Cells.Count == 1 && (columns.Count > 1 || end - start == 1))
        {
            builder.Location = Place(rows[start]);
            builder.AddParagraph(Cell(rows[start].Number, rows[start].Cells[0]));
            start++;
        }

        if (start == end)
        {
            return;
        }

        var goesOn = columns.IsSubsetOf(_columns) && (end - start == 1 || !IsHeader(rows[start]));
        if (!goesOn)
        {
            _columns = [.. columns];
            builder.EndTable();
        }

        for (var i = start; i < end; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            builder.Location = Place(rows[i]);
            builder.AddTableRow(Cells(rows[i], _columns), isHeader: i == start && end - start > 1 && !goesOn);
        }
    }

    private static bool IsHeader(SheetRow row) => row.Cells.Count > 1 && row.Cells.TrueForAll(cell => HeaderRow.IsName(cell.Text));

    private InlineText[] Cells(SheetRow row, int[] columns)
    {
        var cells = new InlineText[columns.Length];
        Array.Fill(cells, InlineText.Empty);
        foreach (var cell in row.Cells)
        {
            cells[Array.BinarySearch(columns, cell.Column)] = Cell(row.Number, cell);
        }

        return cells;
    }

    private InlineText Cell(int row, (int Column, string Text) cell) => links.TryGetValue(new CellReference(row, cell.Column), out var target)
        ? new InlineText(cell.Text, [new InlineLink(0, cell.Text.Length, target)])
        : InlineText.Plain(cell.Text);

    private SourceLocation Place(SheetRow row) => new(LocationKind.Row, row.Number, sheet);
}
