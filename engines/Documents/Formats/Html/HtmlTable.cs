namespace RagPlatform.Documents;

/// <summary>A table's row that is being read, with the cells that reach into it from rows above.</summary>
internal sealed class HtmlTable
{
    private const int MaxColumns = 200;
    private const int MaxRowSpan = 1000;

    private readonly List<string> _cells = [];
    private readonly Dictionary<int, (int Rows, string Text)> _spans = [];
    private bool _isHeaderRow = true;
    private int _columnSpan = 1;
    private int _rowSpan = 1;
    private bool _isHeaderCell;
    private bool _inCell;

    /// <summary>It has a heading cell: it is no mere layout.</summary>
    public bool IsData { get; private set; }

    /// <summary>Rows with a cell so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Rows with more than one cell so far.</summary>
    public int WideRows { get; private set; }

    public void StartCell(bool isHeader, int columnSpan, int rowSpan)
    {
        _inCell = true;
        _isHeaderCell = isHeader;
        _columnSpan = Math.Clamp(columnSpan, 1, MaxColumns);
        _rowSpan = Math.Clamp(rowSpan, 1, MaxRowSpan);
        IsData |= isHeader;
    }

    /// <summary>Text outside of any cell makes one.</summary>
    public void EndCell(string text)
    {
        if (!_inCell && text.Length == 0)
        {
            return;
        }

        FillSpans();
        _isHeaderRow &= _isHeaderCell || text.Length == 0;
        for (var i = 0; i < _columnSpan && _cells.Count < MaxColumns; i++)
        {
            if (_rowSpan > 1)
            {
                _spans[_cells.Count] = (_rowSpan - 1, text);
            }

            // A heading over several columns stands over each of them.
            _cells.Add(i == 0 || _isHeaderCell ? text : "");
        }

        _inCell = false;
        _isHeaderCell = false;
        _columnSpan = _rowSpan = 1;
    }

    /// <returns>The row's cells, and whether all are headings.</returns>
    public (IReadOnlyList<string> Cells, bool IsHeader) EndRow()
    {
        if (_cells.Count == 0)
        {
            return ([], false);
        }

        FillSpans();
        string[] cells = [.. _cells];
        var isHeader = _isHeaderRow;
        Rows++;
        WideRows += cells.Length > 1 ? 1 : 0;
        _cells.Clear();
        _isHeaderRow = true;
        return (cells, isHeader);
    }

    private void FillSpans()
    {
        while (_spans.Count > 0 && _cells.Count < MaxColumns && _spans.Remove(_cells.Count, out var span))
        {
            if (span.Rows > 1)
            {
                _spans[_cells.Count] = (span.Rows - 1, span.Text);
            }

            _cells.Add(span.Text);
        }
    }
}
