using RagPlatform.Search.Files;
using RagPlatform.Search.Segments;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

/// <summary>A segment of vectors in memory.</summary>
internal sealed class TestIndex : IDisposable
{
    private readonly StoredSections _sections;

    private TestIndex(StoredSections sections) => (_sections, Segment) = (sections, new VectorSegment(sections));

    public VectorSegment Segment { get; }

    public static TestIndex Of(float[][] rows, CollectionIndexOptions options, CancellationToken cancellationToken = default) => new(Sections(
        writer => VectorSectionWriter.Write(writer, Array.ConvertAll(rows, row => new ReadOnlyMemory<float>(row)), options, cancellationToken)));

    public static TestIndex Merged(int rowCount, CollectionIndexOptions options, params VectorMergeSource[] sources) => new(Sections(
        writer => VectorSectionWriter.Merge(writer, sources, rowCount, options, CancellationToken.None)));

    /// <summary>Best first.</summary>
    public ScoredRow[] Search(float[] query, int count, RowSet? allowed = null, bool exact = false, int firstRow = 0)
    {
        var top = new TopRows(count);
        Segment.Search(query, allowed, allowed?.Count() ?? Segment.RowCount, exact, firstRow, top);
        return top.TakeSorted();
    }

    public void Dispose() => _sections.Dispose();

    private static StoredSections Sections(Action<ISectionWriter> write)
    {
        var bytes = new MemoryBytes();
        using var writer = new SegmentWriter(bytes);
        write(writer);
        writer.Finish();
        return new StoredSections(bytes, isVerified: false);
    }
}
