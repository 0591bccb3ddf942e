namespace RagPlatform.Documents;

/// <summary>A line or a table, at its place on the page.</summary>
/// <param name="Bounds">The line; for a table, a line without text around it.</param>
/// <param name="Rows">The table's cells; null for a line.</param>
internal sealed record PdfItem(PdfLine Bounds, IReadOnlyList<string[]>? Rows = null)
{
    public bool IsTable => Rows is not null;

    /// <summary>Rows of items that stand beside each other, each from left to right, from the top down.</summary>
    public static List<List<PdfItem>> ToRows(IEnumerable<PdfItem> items)
    {
        var rows = new List<List<PdfItem>>();
        foreach (var item in items.OrderBy(item => item.Bounds.Top))
        {
            if (rows.Count > 0 && IsBeside(rows[^1][0].Bounds, item.Bounds))
            {
                rows[^1].Add(item);
            }
            else
            {
                rows.Add([item]);
            }
        }

        rows.ForEach(row => row.Sort((one, other) => one.Bounds.Left.CompareTo(other.Bounds.Left)));
        return rows;
    }

    private static bool IsBeside(PdfLine one, PdfLine other) =>
        Math.Min(one.Bottom, other.Bottom) - Math.Max(one.Top, other.Top) > 0.5 * Math.Min(one.Height, other.Height);
}
