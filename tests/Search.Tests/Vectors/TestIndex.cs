using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

/// <summary>A segment of vectors in memory.</summary>
internal sealed class TestIndex : IDisposable
{
    private readonly MemorySections _sections;

    private TestIndex(MemorySections sections) => (_sections, Segment) = (sections, new VectorSegment(sections));

    public VectorSegment Segment { get; }

    public static TestIndex Of(float[][] rows, CollectionIndexOptions options) => new(MemorySections.Of(
        writer => VectorSectionWriter.Write(writer, Array.ConvertAll(rows, row => new ReadOnlyMemory<float>(row)), options, CancellationToken.None)));

    public static TestIndex Merged(int rowCount, CollectionIndexOptions options, params VectorMergeSource[] sources) => new(MemorySections.Of(
        writer => VectorSectionWriter.Merge(writer, sources, rowCount, options, CancellationToken.None)));

    /// <summary>Best first.</summary>
    public ScoredRow[] Search(float[] query, int count, RowSet? allowed = null, bool exact = false, int firstRow = 0)
    {
        var top = new TopRows(count);
        Segment.Search(query, allowed, allowed?.Count() ?? Segment.RowCount, exact, firstRow, top);
        return top.TakeSorted();
    }

    public void Dispose() => _sections.Dispose();
}
