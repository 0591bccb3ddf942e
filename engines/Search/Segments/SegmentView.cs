namespace RagPlatform.Search.Segments;

/// <summary>A segment as a snapshot sees it: what of it is not deleted, and where its rows begin among those of all segments. Immutable.</summary>
public sealed class SegmentView
{
    private SegmentView(Segment segment, RowSet liveDocuments, RowSet live, int liveDocumentCount, int liveCount, long liveLength, int firstRow)
    {
        Segment = segment;
        LiveDocuments = liveDocuments;
        Live = live;
        LiveDocumentCount = liveDocumentCount;
        LiveCount = liveCount;
        LiveLength = liveLength;
        FirstRow = firstRow;
    }

    public Segment Segment { get; }

    /// <summary>Rows of documents that are not deleted. Must not be changed.</summary>
    public RowSet Live { get; }

    /// <summary>Documents that are not deleted. Must not be changed.</summary>
    public RowSet LiveDocuments { get; }

    /// <summary>Rows in <see cref="Live"/>.</summary>
    public int LiveCount { get; }

    public int LiveDocumentCount { get; }

    /// <summary>Of all rows in <see cref="Live"/> together: weighted occurrences of terms.</summary>
    public long LiveLength { get; }

    /// <summary>Of the segment's row 0, among the rows of all segments.</summary>
    public int FirstRow { get; }

    /// <summary>Nothing deleted.</summary>
    public static SegmentView All(Segment segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        return new SegmentView(
            segment, RowSet.All(segment.DocumentCount), RowSet.All(segment.RowCount), segment.DocumentCount, segment.RowCount, segment.Lexical.TotalLength, firstRow: 0);
    }

    internal static SegmentView Of(Segment segment, RowSet liveDocuments)
    {
        var live = new RowSet(segment.RowCount);
        var length = 0L;
        var documents = segment.Documents.RowDocuments;
        for (var row = 0; row < documents.Length; row++)
        {
            if (liveDocuments.Contains(documents[row]))
            {
                live.Add(row);
                length += segment.Lexical.LengthOf(row);
            }
        }

        return new SegmentView(segment, liveDocuments, live, liveDocuments.Count(), live.Count(), length, firstRow: 0);
    }

    internal SegmentView At(int firstRow) =>
        firstRow == FirstRow ? this : new SegmentView(Segment, LiveDocuments, Live, LiveDocumentCount, LiveCount, LiveLength, firstRow);

    /// <param name="document">In <see cref="LiveDocuments"/>.</param>
    public SegmentView Without(int document)
    {
        var liveDocuments = LiveDocuments.Copy();
        liveDocuments.Remove(document);
        var live = Live.Copy();
        var length = LiveLength;
        var (first, until) = Segment.Documents.RowsOf(document);
        for (var row = first; row < until; row++)
        {
            live.Remove(row);
            length -= Segment.Lexical.LengthOf(row);
        }

        return new SegmentView(Segment, liveDocuments, live, LiveDocumentCount - 1, LiveCount - (until - first), length, FirstRow);
    }
}
