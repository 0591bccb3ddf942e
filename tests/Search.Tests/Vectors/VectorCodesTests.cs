namespace RagPlatform.Search.Tests.Vectors;

/// <summary>Searches over codes, without a graph, beside the exact scan.</summary>
public class VectorCodesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(65)]
    [InlineData(384)]
    public void Search_CodesThenRescoring_EqualsTheExactScan(int dimension)
    {
        var random = new Random(dimension);
        var rows = TestVectors.Clustered(random, 3000, dimension, clusters: 30);
        using var index = TestIndex.Of(rows, TestOptions.Of(dimension));
        foreach (var query in TestVectors.Clustered(random, 20, dimension, clusters: 30))
        {
            index.Search(query, 50).ShouldBe(index.Search(query, 50, exact: true));
        }
    }

    [Fact]
    public void Search_OneComponentDwarfsTheOthers_EqualsTheExactScan()
    {
        // One row that uses all codes beside rows of a thousandth of its size, whose own scales keep them apart.
        const int Dimension = 40;
        var random = new Random(41);
        var rows = TestVectors.RandomRows(random, 2000, Dimension).Select(row => Array.ConvertAll(row, x => x / 1000)).ToArray();
        rows[7] = [1, .. new float[Dimension - 1]];
        using var index = TestIndex.Of(rows, TestOptions.Of(Dimension));
        var query = TestVectors.Random(random, Dimension);

        index.Search(query, 20).ShouldBe(index.Search(query, 20, exact: true));
    }

    [Fact]
    public void Search_ComponentsAtTheEdgesOfFloat_DoesNotFail()
    {
        float[][] rows = [.. Enumerable.Range(0, 1500).Select(row => new[] { float.Epsilon * row, -float.Epsilon, 0 })];
        using var index = TestIndex.Of(rows, TestOptions.Of(3));

        index.Search([1, 0, 0], 5).Length.ShouldBe(5);
    }
}
