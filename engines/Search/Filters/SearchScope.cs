using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Filters;

/// <summary>What of a snapshot a search may find: the live rows of the documents that the filter lets through.</summary>
public sealed class SearchScope
{
    private SearchScope(IReadOnlyList<ScopedSegment> segments) => Segments = segments;

    /// <summary>Those with at least one such row.</summary>
    public IReadOnlyList<ScopedSegment> Segments { get; }

    /// <param name="filter">Null lets everything through; any other must have passed <see cref="FilterValidation"/>.</param>
    public static SearchScope Of(IndexSnapshot snapshot, Filter? filter)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var segments = new List<ScopedSegment>(snapshot.Segments.Count);
        for (var number = 0; number < snapshot.Segments.Count; number++)
        {
            var view = snapshot.Segments[number];
            var (allowed, count) = filter is null ? (view.Live, view.LiveCount) : Allowed(view, filter);
            if (count > 0)
            {
                segments.Add(new ScopedSegment(number, view, allowed, count));
            }
        }

        return new SearchScope(segments);
    }

    /// <summary>The live documents that the filter lets through.</summary>
    internal static RowSet Documents(SegmentView view, Filter filter)
    {
        var documents = FilterEvaluation.Documents(filter, view.Segment.Fields);
        documents.IntersectWith(view.LiveDocuments);
        return documents;
    }

    private static (RowSet Rows, int Count) Allowed(SegmentView view, Filter filter)
    {
        var rows = new RowSet(view.Segment.RowCount);
        var firstRows = view.Segment.Documents.FirstRows;
        var count = 0;
        foreach (var document in Documents(view, filter))
        {
            for (var row = firstRows[document]; row < firstRows[document + 1]; row++)
            {
                rows.Add(row);
                count++;
            }
        }

        return (rows, count);
    }
}

/// <param name="Number">In the snapshot.</param>
/// <param name="Allowed">Must not be changed.</param>
/// <param name="AllowedCount">Rows in <paramref name="Allowed"/>, at least 1.</param>
public readonly record struct ScopedSegment(int Number, SegmentView View, RowSet Allowed, int AllowedCount)
{
    public int FirstRow => View.FirstRow;
}
