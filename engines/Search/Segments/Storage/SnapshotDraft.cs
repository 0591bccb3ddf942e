namespace RagPlatform.Search.Segments.Storage;

/// <summary>The next snapshot while it is made. Holds the segments that it brought in until it is completed or disposed. Not synchronised.</summary>
internal sealed class SnapshotDraft(IReadOnlyList<SegmentView> views) : IDisposable
{
    private readonly List<SegmentView> _views = [.. views];
    private readonly List<Segment> _added = [];

    public IReadOnlyList<SegmentView> Views => _views;

    /// <summary>0 when the document is not there.</summary>
    public long VersionOf(string documentId) =>
        IndexSnapshot.Find(_views, documentId) is var (segment, document) ? _views[segment].Segment.Documents.VersionOf(document) : 0;

    /// <summary>False when the document is not there.</summary>
    public bool Remove(string documentId)
    {
        if (IndexSnapshot.Find(_views, documentId) is not var (segment, document))
        {
            return false;
        }

        _views[segment] = _views[segment].Without(document);
        if (_views[segment] is { LiveDocumentCount: 0, Segment: { IsInMemory: true, IsClaimed: false } })
        {
            _views.RemoveAt(segment);
        }

        return true;
    }

    /// <param name="segment">The document's new version alone; the draft's from now on.</param>
    public void Replace(string documentId, Segment segment)
    {
        _added.Add(segment);
        Remove(documentId);
        _views.Add(SegmentView.All(segment));
    }

    /// <param name="segment">The draft's from now on.</param>
    public void Put(IReadOnlyCollection<Segment> replaced, SegmentView? merged)
    {
        _views.RemoveAll(view => replaced.Contains(view.Segment));
        if (merged is not null)
        {
            _added.Add(merged.Segment);
            // Files first: what is in memory is the newest and is looked at first.
            _views.Insert(merged.Segment.IsInMemory ? _views.Count : _views.Count(view => !view.Segment.IsInMemory), merged);
        }
    }

    public void Clear() => _views.Clear();

    public IndexSnapshot Complete()
    {
        var snapshot = new IndexSnapshot(_views);
        Dispose();
        return snapshot;
    }

    public void Dispose()
    {
        foreach (var segment in _added)
        {
            segment.Release();
        }

        _added.Clear();
    }
}
