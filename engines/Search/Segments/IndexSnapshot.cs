namespace RagPlatform.Search.Segments;

/// <summary>
/// All that an index holds at one moment; it never changes. Its segments stay readable until it is disposed, whatever is
/// written, merged or deleted meanwhile.
/// </summary>
public sealed class IndexSnapshot : IDisposable
{
    private int _holders = 1;

    /// <summary>Held by the caller, and itself a holder of each segment.</summary>
    /// <param name="segments">Each document live in at most one of them. Their first rows are set here.</param>
    public IndexSnapshot(IEnumerable<SegmentView> segments)
    {
        var views = new List<SegmentView>();
        var length = 0L;
        foreach (var view in segments)
        {
            view.Segment.Acquire();
            views.Add(view.At(RowCount));
            RowCount += view.Segment.RowCount;
            LiveChunks += view.LiveCount;
            LiveDocuments += view.LiveDocumentCount;
            length += view.LiveLength;
        }

        Segments = views;
        MeanLength = LiveChunks == 0 ? 0 : (double)length / LiveChunks;
    }

    public IReadOnlyList<SegmentView> Segments { get; }

    /// <summary>Of all segments, deleted ones included.</summary>
    public int RowCount { get; }

    public int LiveChunks { get; }

    public int LiveDocuments { get; }

    /// <summary>Of the live chunks, in weighted occurrences of terms; 0 when there are none.</summary>
    public double MeanLength { get; }

    /// <summary>Where the document is live; null when the snapshot does not hold it.</summary>
    public (SegmentView View, int Document)? Find(string documentId) =>
        Find(Segments, documentId) is var (segment, document) ? (Segments[segment], document) : null;

    /// <summary>Lets go of it, once for each time it was acquired.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            foreach (var view in Segments)
            {
                view.Segment.Release();
            }
        }
    }

    internal static (int Segment, int Document)? Find(IReadOnlyList<SegmentView> views, string documentId)
    {
        // The newest are the smallest and the likeliest to be asked for.
        for (var i = views.Count - 1; i >= 0; i--)
        {
            if (views[i].Segment.Documents.Find(documentId, views[i].LiveDocuments) is >= 0 and var document)
            {
                return (i, document);
            }
        }

        return null;
    }

    /// <summary>One more holder; false when the last had let go already.</summary>
    internal bool TryAcquire()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0;)
        {
            var found = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (found == holders)
            {
                return true;
            }

            holders = found;
        }

        return false;
    }
}
