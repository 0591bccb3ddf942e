using System.Text;

namespace RagPlatform.Search.Filters;

/// <summary>Counts documents by the values of a field, over segments, in memory for the values asked for only.</summary>
public static class FacetCounter
{
    /// <param name="maxValues">At least 1; the others are only counted.</param>
    public static Facet Count(string field, IReadOnlyList<FacetSource> sources, int maxValues)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxValues, 1);
        var columns = new List<FieldColumn>();
        var documents = new List<RowSet>();
        foreach (var source in sources)
        {
            if (source.Fields.TryFind(field, out var column))
            {
                columns.Add(column);
                documents.Add(source.Documents);
            }
        }

        return Count(field, new ColumnMerge(columns), columns, documents, maxValues);
    }

    private static Facet Count(string field, ColumnMerge values, List<FieldColumn> columns, List<RowSet> documents, int maxValues)
    {
        // The value that would go first is the one with the least count, and of these the last in the merge's order.
        var best = new PriorityQueue<FacetValue, (int Count, int Turn)>();
        var distinct = 0;
        while (values.MoveNext())
        {
            var count = 0;
            foreach (var (column, value) in values.Places)
            {
                count += CountIn(columns[column].Documents(value), documents[column]);
            }

            if (count == 0)
            {
                continue;
            }

            distinct++;
            if (best.Count < maxValues)
            {
                best.Enqueue(new FacetValue(Encoding.UTF8.GetString(values.Text), count), (count, -distinct));
            }
            else if (best.TryPeek(out _, out var worst) && count > worst.Count)
            {
                best.EnqueueDequeue(new FacetValue(Encoding.UTF8.GetString(values.Text), count), (count, -distinct));
            }
        }

        var sorted = new FacetValue[best.Count];
        for (var i = sorted.Length - 1; i >= 0; i--)
        {
            sorted[i] = best.Dequeue();
        }

        return new Facet(field, sorted, distinct);
    }

    private static int CountIn(ReadOnlySpan<int> holders, RowSet documents)
    {
        var count = 0;
        foreach (var document in holders)
        {
            if (documents.Contains(document))
            {
                count++;
            }
        }

        return count;
    }
}

/// <param name="Documents">That count: those that live and that the filter lets through.</param>
public readonly record struct FacetSource(FieldSegment Fields, RowSet Documents);
