namespace RagPlatform.Search.Segments;

/// <summary>What goes of a segment into a merged one: its live documents, as of when the merge began.</summary>
internal sealed class SegmentMergeSource(SegmentView view)
{
    public const int Dropped = -1;

    public Segment Segment => view.Segment;

    public RowSet LiveDocuments => view.LiveDocuments;

    public int LiveDocumentCount => view.LiveDocumentCount;

    public int LiveRowCount => view.LiveCount;

    /// <summary>The new number of each row, counted from <paramref name="first"/> on; <see cref="Dropped"/> for one that is deleted.</summary>
    public int[] NewRows(int first) => Number(view.Live, first);

    /// <summary>The same for documents.</summary>
    public int[] NewDocuments(int first) => Number(view.LiveDocuments, first);

    private static int[] Number(RowSet live, int first)
    {
        var numbers = new int[live.Length];
        Array.Fill(numbers, Dropped);
        foreach (var row in live)
        {
            numbers[row] = first++;
        }

        return numbers;
    }
}
