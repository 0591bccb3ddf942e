using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

/// <summary>Graphs of merged segments: inherited where little was dropped, built anew elsewhere.</summary>
public sealed class VectorGraphMergeTests : IClassFixture<GraphFixture>
{
    private const int Wanted = 10;

    private readonly GraphFixture _fixture;

    public VectorGraphMergeTests(GraphFixture fixture) => _fixture = fixture;

    [Theory]
    [InlineData(0)]
    [InlineData(0.2)]
    [InlineData(0.6)]
    public void Merge_ShareOfTheLargestDropped_FindsNearlyAllOfTheRest(double dropped)
    {
        var random = new Random(21);
        var added = TestVectors.Clustered(random, 1500, _fixture.Options.Dimension, clusters: 60);
        using var small = TestIndex.Of(added, TestOptions.Of(_fixture.Options.Dimension));
        var next = 0;
        var addedRows = Enumerable.Range(0, added.Length).Select(_ => next++).ToArray();
        var largeRows = Enumerable.Range(0, _fixture.Rows.Length).Select(_ => random.NextDouble() < dropped ? -1 : next++).ToArray();

        using var merged = TestIndex.Merged(
            next, _fixture.Options, new VectorMergeSource(small.Segment, addedRows), new VectorMergeSource(_fixture.Index.Segment, largeRows));

        merged.Segment.HasGraph.ShouldBeTrue();
        var queries = _fixture.Queries.Concat(added.Take(20)).ToArray();
        queries.Average(query =>
        {
            var top = new TopRows(Wanted);
            merged.Segment.SearchGraph(query, allowed: null, width: 128, firstRow: 0, top);
            return top.TakeSorted().Intersect(merged.Search(query, Wanted, exact: true)).Count() / (double)Wanted;
        }).ShouldBeGreaterThan(0.98);
    }

    [Fact]
    public void Merge_TenTimesWithATenthReplaced_KeepsItsRecall()
    {
        var random = new Random(22);
        var (dimension, options) = (_fixture.Options.Dimension, _fixture.Options);
        var index = TestIndex.Of(_fixture.Rows[..2000], options);
        for (var round = 0; round < 10; round++)
        {
            using var added = TestIndex.Of(TestVectors.Clustered(random, 200, dimension, clusters: 60), TestOptions.Of(dimension));
            var next = 0;
            var kept = Enumerable.Range(0, index.Segment.RowCount).Select(row => row % 10 == round ? -1 : next++).ToArray();
            var merged = TestIndex.Merged(
                next + 200, options, new VectorMergeSource(index.Segment, kept),
                new VectorMergeSource(added.Segment, [.. Enumerable.Range(next, 200)]));
            index.Dispose();
            index = merged;
        }

        using (index)
        {
            _fixture.Queries.Average(query =>
            {
                var top = new TopRows(Wanted);
                index.Segment.SearchGraph(query, allowed: null, width: 128, firstRow: 0, top);
                return top.TakeSorted().Intersect(index.Search(query, Wanted, exact: true)).Count() / (double)Wanted;
            }).ShouldBeGreaterThan(0.98);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Merge_NearlyAllOfTwoDenseGroupsDropped_FindsTheFewThatAreLeft(int seed)
    {
        const int Dimension = 24;
        var random = new Random(seed);
        var rows = TestVectors.RandomRows(random, 8, Dimension).SelectMany(center => TestVectors.Around(random, center, 250, radius: 0.1f)).ToArray();
        using var index = TestIndex.Of(rows, TestOptions.Of(Dimension, graphFromChunks: 1));
        var next = 0;
        var newRows = Enumerable.Range(0, rows.Length).Select(row => row < 500 && random.Next(50) != 0 ? -1 : next++).ToArray();

        using var merged = TestIndex.Merged(next, TestOptions.Of(Dimension, graphFromChunks: 1), new VectorMergeSource(index.Segment, newRows));

        var few = newRows[..500].Where(row => row >= 0).ToArray();
        few.Length.ShouldBeGreaterThan(8);
        few.Count(row =>
        {
            var top = new TopRows(1);
            merged.Segment.SearchGraph(merged.Segment.Vector(row), allowed: null, width: 64, firstRow: 0, top);
            return top.TakeSorted()[0].Row == row;
        }).ShouldBeGreaterThanOrEqualTo(few.Length - 1);
    }

    [Fact]
    public void Merge_EntryRowDropped_StillFindsEverything()
    {
        var rows = TestVectors.RandomRows(new Random(23), 300, 8);
        using var index = TestIndex.Of(rows, TestOptions.Of(8, graphFromChunks: 1));
        for (var dropped = 0; dropped < rows.Length; dropped += 7)
        {
            var next = 0;
            var newRows = Enumerable.Range(0, rows.Length).Select(row => row >= dropped && row < dropped + 7 ? -1 : next++).ToArray();
            using var merged = TestIndex.Merged(next, TestOptions.Of(8, graphFromChunks: 1), new VectorMergeSource(index.Segment, newRows));
            var top = new TopRows(next);

            merged.Segment.SearchGraph(rows[0], allowed: null, width: next, firstRow: 0, top);

            top.Count.ShouldBe(next, $"rows from {dropped} on dropped");
        }
    }
}
