using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

/// <summary>Many equal vectors, of which a graph that links the nearest would make islands.</summary>
public class VectorTwinTests
{
    private const int Dimension = 16;
    private static readonly CollectionIndexOptions Options = TestOptions.Of(Dimension, graphFromChunks: 1);

    [Fact]
    public void SearchGraph_ThousandsOfEqualVectors_FindsThemAndTheOthers()
    {
        var random = new Random(31);
        var twins = TestVectors.RandomRows(random, 3, Dimension);
        float[][] rows = [.. TestVectors.RandomRows(random, 500, Dimension).Concat(Enumerable.Range(0, 4500).Select(row => twins[row % 3]))];
        random.Shuffle(rows);
        using var index = TestIndex.Of(rows, Options);

        foreach (var query in twins.Concat(TestVectors.RandomRows(random, 20, Dimension)))
        {
            var top = new TopRows(100);
            index.Segment.SearchGraph(query, allowed: null, width: 150, firstRow: 0, top);

            var found = top.TakeSorted();

            found.Select(row => row.Row).ShouldBeUnique();
            found.Select(row => row.Score).ShouldBe(index.Search(query, 100, exact: true).Select(row => row.Score));
        }
    }

    [Fact]
    public void Merge_SomeTwinsDropped_KeepsTheOthersInTheGraph()
    {
        var random = new Random(32);
        var twin = TestVectors.Random(random, Dimension);
        float[][] rows = [.. TestVectors.RandomRows(random, 200, Dimension), .. Enumerable.Repeat(twin, 100)];
        using var index = TestIndex.Of(rows, Options);
        var next = 0;

        // The first twin, which stands for all, is among the dropped.
        var newRows = Enumerable.Range(0, rows.Length).Select(row => row >= 200 && row % 10 == 0 ? -1 : next++).ToArray();
        using var merged = TestIndex.Merged(next, Options, new VectorMergeSource(index.Segment, newRows));
        var top = new TopRows(90);

        merged.Segment.SearchGraph(twin, allowed: null, width: 100, firstRow: 0, top);

        top.TakeSorted().Select(row => row.Row).Order().ShouldBe(newRows[200..].Where(row => row >= 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void SearchGraph_AllEqual_FindsAll(int rowCount)
    {
        var twin = TestVectors.Random(new Random(33), Dimension);
        using var index = TestIndex.Of([.. Enumerable.Repeat(twin, rowCount)], Options);

        index.Search(twin, rowCount + 5).Length.ShouldBe(rowCount);
        var top = new TopRows(rowCount);
        index.Segment.SearchGraph(twin, allowed: null, width: rowCount, firstRow: 0, top);
        top.Count.ShouldBe(rowCount);
    }

    [Fact]
    public void Write_NoRowsWithAGraphFromOne_IsAnEmptySegment()
    {
        using var index = TestIndex.Of([], Options);

        index.Segment.HasGraph.ShouldBeFalse();
        index.Search(new float[Dimension], 3).ShouldBeEmpty();
    }

    [Fact]
    public void Search_VectorsOfZerosAmongOthers_AreFoundWithScoreZero()
    {
        float[][] rows = [new float[Dimension], .. TestVectors.RandomRows(new Random(34), 1500, Dimension), new float[Dimension]];
        using var index = TestIndex.Of(rows, Options);

        var found = index.Search(rows[1], rows.Length);

        found.Length.ShouldBe(rows.Length);
        found.Single(row => row.Row == 0).Score.ShouldBe(0);
        found.Single(row => row.Row == rows.Length - 1).Score.ShouldBe(0);
    }
}
