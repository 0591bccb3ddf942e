namespace RagPlatform.Documents;

/// <summary>
/// The order in which people read a page: where a gutter parts two columns of prose, the left one before the right one,
/// between lines that span both.
/// </summary>
internal static class PdfReadingOrder
{
    /// <summary>A page with more lines is read from the top down: it is a drawing, or was made to cost time.</summary>
    private const int MaxAnalysedLines = 20_000;

    private const int MaxSplits = 2;
    private const int ProseCharacters = 25;
    private const int MinColumnLines = 6;
    private const double MaxCrossing = 0.2;
    private const double MinFill = 0.4;

    /// <returns>Groups of items; a group is read from the top down and shares its margins.</returns>
    public static List<List<PdfItem>> Of(PdfPage page)
    {
        var groups = new List<List<PdfItem>>();
        var items = page.Lines.Select(line => new PdfItem(line)).ToList();
        if (items.Count > MaxAnalysedLines)
        {
            groups.Add([.. items.OrderBy(item => item.Bounds.Top)]);
            return groups;
        }

        Add(groups, PdfTables.Find(items, minColumns: 3), splits: 0);
        return groups;
    }

    private static void Add(List<List<PdfItem>> groups, List<PdfItem> items, int splits)
    {
        if (splits == MaxSplits || FindGutter(items) is not { } gutter)
        {
            groups.Add(PdfTables.Find(items, minColumns: 2));
            return;
        }

        List<PdfItem> left = [], right = [], across = [];
        foreach (var item in items.OrderBy(item => item.Bounds.Top))
        {
            if (item.Bounds.Left < gutter && item.Bounds.Right > gutter)
            {
                AddColumns();
                across.Add(item);
                continue;
            }

            AddAcross();
            (item.Bounds.Right <= gutter ? left : right).Add(item);
        }

        AddColumns();
        AddAcross();

        void AddColumns()
        {
            foreach (var column in new[] { left, right }.Where(column => column.Count > 0))
            {
                Add(groups, [.. column], splits + 1);
                column.Clear();
            }
        }

        void AddAcross()
        {
            if (across.Count > 0)
            {
                groups.Add(PdfTables.Find(across, minColumns: 2));
                across = [];
            }
        }
    }

    /// <summary>Where few lines of prose cross and many stand on either side; null where there is no such place.</summary>
    private static double? FindGutter(List<PdfItem> items)
    {
        var prose = items.Where(item => !item.IsTable && item.Bounds.Text.Length >= ProseCharacters).Select(item => item.Bounds).ToList();
        if (prose.Count < 2 * MinColumnLines)
        {
            return null;
        }

        var left = prose.Min(line => line.Left);
        var right = prose.Max(line => line.Right);
        var starts = prose.Select(line => line.Left).Order().ToArray();
        var ends = prose.Select(line => line.Right).Order().ToArray();
        var best = prose.Count * MaxCrossing;
        (double From, double To) gap = default;
        for (var at = left + (0.2 * (right - left)); at < right - (0.2 * (right - left)); at += Math.Max(1, (right - left) / 500))
        {
            var before = CountBelow(ends, at);
            var after = starts.Length - CountBelow(starts, at);
            var crossing = prose.Count - before - after;
            if (before < MinColumnLines || after < MinColumnLines || crossing > best)
            {
                continue;
            }

            gap = crossing < best ? (at, at) : (gap.From, at);
            best = crossing;
        }

        var gutter = (gap.From + gap.To) / 2;
        return gap.To > 0 && IsFilled(prose.Where(line => line.Right <= gutter), gutter - left) && IsFilled(prose.Where(line => line.Left >= gutter), right - gutter)
            && AreBeside(prose.Where(line => line.Right <= gutter), prose.Where(line => line.Left >= gutter)) ? gutter : null;
    }

    private static int CountBelow(double[] sorted, double value)
    {
        var index = Array.BinarySearch(sorted, value);
        return index < 0 ? ~index : index;
    }

    private static bool IsFilled(IEnumerable<PdfLine> lines, double width)
    {
        var widths = lines.Select(line => line.Width).Order().ToArray();
        return widths.Length >= MinColumnLines && widths[widths.Length / 2] > MinFill * width;
    }

    private static bool AreBeside(IEnumerable<PdfLine> left, IEnumerable<PdfLine> right)
    {
        var (leftTop, leftBottom) = (left.Min(line => line.Top), left.Max(line => line.Bottom));
        var (rightTop, rightBottom) = (right.Min(line => line.Top), right.Max(line => line.Bottom));
        return Math.Min(leftBottom, rightBottom) - Math.Max(leftTop, rightTop) > 0.3 * Math.Min(leftBottom - leftTop, rightBottom - rightTop);
    }
}
