namespace RagPlatform.Search.Segments.Storage;

/// <summary>Segments that are becoming one file. They stay in use meanwhile, and what is deleted from them is carried over.</summary>
/// <param name="Sources">As they were when the merge began; claimed and held.</param>
/// <param name="Building">Null when nothing in the sources was live.</param>
internal sealed record RunningMerge(IReadOnlyList<SegmentView> Sources, Task<Segment?> Building)
{
    public IReadOnlyCollection<Segment> Replaced => [.. Sources.Select(view => view.Segment)];

    /// <summary>The merged segment as of now.</summary>
    /// <param name="current">Where the sources still are.</param>
    public SegmentView? CarryOver(Segment? merged, IReadOnlyList<SegmentView> current)
    {
        if (merged is null)
        {
            return null;
        }

        var live = RowSet.All(merged.DocumentCount);
        var document = 0;
        foreach (var source in Sources)
        {
            var now = current.First(view => view.Segment == source.Segment).LiveDocuments;
            foreach (var from in source.LiveDocuments)
            {
                if (!now.Contains(from))
                {
                    live.Remove(document);
                }

                document++;
            }
        }

        return SegmentView.Of(merged, live);
    }
}
