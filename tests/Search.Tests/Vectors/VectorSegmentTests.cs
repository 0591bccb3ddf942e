using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

public class VectorSegmentTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(7, 40)]
    [InlineData(130, 300)]
    public void SearchExact_RandomRowsAndFilter_EqualsNaiveScan(int dimension, int rowCount)
    {
        var random = new Random(dimension);
        var rows = TestVectors.RandomRows(random, rowCount, dimension);
        var allowed = new RowSet(rowCount);
        for (var row = 0; row < rowCount; row += random.Next(1, 4))
        {
            allowed.Add(row);
        }

        using var index = TestIndex.Of(rows, TestOptions.Of(dimension));
        var query = TestVectors.Random(random, dimension);

        var found = index.Search(query, 10, allowed, exact: true, firstRow: 1000);

        var expected = Enumerable.Range(0, rowCount).Where(allowed.Contains)
            .OrderByDescending(row => TestVectors.Dot(rows[row], query)).Take(10).ToArray();
        found.Length.ShouldBe(expected.Length);
        for (var i = 0; i < found.Length; i++)
        {
            allowed.Contains(found[i].Row - 1000).ShouldBeTrue();
            ((double)found[i].Score).ShouldBe(TestVectors.Dot(rows[expected[i]], query), 1e-5);
            index.Segment.Score(found[i].Row - 1000, query).ShouldBe(found[i].Score);
        }
    }

    [Fact]
    public void Vector_OfEveryRow_IsWhatWasWritten()
    {
        var rows = TestVectors.RandomRows(new Random(3), 20, 37);
        using var index = TestIndex.Of(rows, TestOptions.Of(37));

        for (var row = 0; row < rows.Length; row++)
        {
            index.Segment.Vector(row).ToArray().ShouldBe(rows[row]);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => index.Segment.Vector(rows.Length).Length);
        Should.Throw<ArgumentOutOfRangeException>(() => index.Segment.Score(-1, rows[0]));
    }

    [Fact]
    public void Search_NoRows_FindsNothing()
    {
        using var index = TestIndex.Of([], TestOptions.Of(4));

        index.Search([1, 0, 0, 0], 3).ShouldBeEmpty();
    }

    [Fact]
    public void Search_OtherDimensionOrForeignRows_IsRefused()
    {
        using var index = TestIndex.Of(TestVectors.RandomRows(new Random(1), 5, 4), TestOptions.Of(4));

        Should.Throw<ArgumentException>(() => index.Search([1, 0, 0], 3)).Message.ShouldContain("3 dimensions");
        Should.Throw<ArgumentException>(() => index.Search([1, 0, 0, 0], 3, RowSet.All(6))).Message.ShouldContain("6 rows");
    }

    [Theory]
    [InlineData(new float[] { 1, 0 })]
    [InlineData(new float[] { 1, 0, float.NaN })]
    [InlineData(new float[] { 1, 0, float.PositiveInfinity })]
    [InlineData(new float[] { 3e38f, 3e38f, 0 })]
    public void Write_VectorOfOtherDimensionOrNoNumber_IsRefused(float[] vector) =>
        Should.Throw<ArgumentException>(() => TestIndex.Of([[1, 0, 0], vector], TestOptions.Of(3))).Message.ShouldContain("row 1");
}
