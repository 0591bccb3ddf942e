namespace RagPlatform.Documents;

/// <summary>Arrays whose items are alike and short are tables: one row each, their members' names as columns.</summary>
internal static class JsonTable
{
    private const int MaxColumns = 30;

    /// <summary>The columns, in the order they first appear; empty for arrays of short lists; null when the items make no table.</summary>
    public static IReadOnlyList<string>? Columns(IReadOnlyList<JsonSlice> items, CancellationToken cancellationToken)
    {
        if (items.Count < 2)
        {
            return null;
        }

        var columns = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        long cells = 0;
        foreach (var item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!item.IsObject || Cells(item) is not { } row)
            {
                return null;
            }

            cells += row.Count;
            columns.AddRange(row.Keys.Where(known.Add));
            if (columns.Count > MaxColumns)
            {
                return null;
            }
        }

        // Items that share few members read better as sections.
        return 2 * cells >= (long)columns.Count * items.Count && columns.Count > 0 ? columns : null;
    }

    public static IReadOnlyList<string> Row(JsonSlice item, IReadOnlyList<string> columns)
    {
        var cells = Cells(item)!;
        return [.. columns.Select(column => cells.GetValueOrDefault(column, ""))];
    }

    /// <summary>Null when a member is long, deep or there twice.</summary>
    private static Dictionary<string, string>? Cells(JsonSlice item)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in item.Members())
        {
            if (JsonLine.Of(name, value) is not { } lines)
            {
                return null;
            }

            foreach (var line in lines)
            {
                if (!cells.TryAdd(line.Name, value.IsNull || line.Text == "\"\"" ? "" : line.Text))
                {
                    return null;
                }
            }
        }

        return cells;
    }
}
