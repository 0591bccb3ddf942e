using System.Numerics;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>
/// Which segments are merged next. Tiered, as in Lucene's TieredMergePolicy: segments of about the same size wait for
/// one another, so that a chunk is rewritten once per tier, and the number of segments grows with the logarithm of the
/// number of chunks.
/// </summary>
internal static class MergePolicy
{
    /// <summary>A merge that would give more live chunks is not made: it would take too long and too much memory at once.</summary>
    public const int MaxMergedChunks = 1_000_000;

    /// <summary>Files beyond this are merged whatever their sizes, so far as <see cref="MaxMergedChunks"/> allows.</summary>
    public const int MaxFiles = 10;

    private const int FilesPerTier = 4;
    private const int MemorySegmentsPerTier = 8;
    private const double MaxDeletedShare = 0.3;

    /// <summary>The files to merge into one; empty when none is due. One alone is rewritten for the deleted rows in it.</summary>
    /// <param name="flushChunks">What a file begins with.</param>
    public static IReadOnlyList<SegmentView> ChooseFiles(IReadOnlyList<SegmentView> views, int flushChunks)
    {
        List<SegmentView> files = [.. views.Where(view => !view.Segment.IsInMemory).OrderBy(view => view.LiveCount)];
        if (files.FindAll(view => view.LiveDocumentCount == 0) is { Count: > 0 } empty)
        {
            return empty;
        }

        var tier = files.GroupBy(view => TierOf(view.LiveCount / Math.Max(1, flushChunks), FilesPerTier))
            .Select(group => Affordable(group)).FirstOrDefault(group => group.Count >= FilesPerTier);
        if (tier is not null)
        {
            return tier;
        }

        if (files.Find(view => view.Segment.RowCount - view.LiveCount > MaxDeletedShare * view.Segment.RowCount) is { } worn)
        {
            return [worn];
        }

        return files.Count > MaxFiles && Affordable(files.Take(2)) is { Count: 2 } smallest ? smallest : [];
    }

    /// <summary>Segments in memory to merge into one; empty when none is due. What would be as large as a file waits for the flush.</summary>
    public static IReadOnlyList<SegmentView> ChooseInMemory(IReadOnlyList<SegmentView> views, int flushChunks) =>
        views.Where(view => view.Segment is { IsInMemory: true, IsClaimed: false } && view.LiveCount * MemorySegmentsPerTier < flushChunks)
            .GroupBy(view => TierOf(view.LiveCount, MemorySegmentsPerTier))
            .FirstOrDefault(group => group.Count() >= MemorySegmentsPerTier)?.ToList() ?? [];

    private static List<SegmentView> Affordable(IEnumerable<SegmentView> ascending)
    {
        var chunks = 0L;
        return [.. ascending.TakeWhile(view => (chunks += view.LiveCount) <= MaxMergedChunks)];
    }

    private static int TierOf(int size, int perTier) => BitOperations.Log2((uint)Math.Max(1, size)) / BitOperations.Log2((uint)perTier);
}
