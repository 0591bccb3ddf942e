using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.Tests.Vectors;

public class VectorMergeTests
{
    [Fact]
    public void Merge_SomeRowsDropped_KeepsTheOthersAtTheirNewRows()
    {
        var random = new Random(5);
        var (left, right) = (TestVectors.RandomRows(random, 4, 9), TestVectors.RandomRows(random, 3, 9));
        using var first = TestIndex.Of(left, TestOptions.Of(9));
        using var second = TestIndex.Of(right, TestOptions.Of(9));

        using var merged = TestIndex.Merged(
            5, TestOptions.Of(9), new VectorMergeSource(first.Segment, [0, -1, 1, 2]), new VectorMergeSource(second.Segment, [-1, 4, 3]));

        float[][] expected = [left[0], left[2], left[3], right[2], right[1]];
        merged.Segment.RowCount.ShouldBe(5);
        for (var row = 0; row < expected.Length; row++)
        {
            merged.Segment.Vector(row).ToArray().ShouldBe(expected[row]);
        }
    }

    [Theory]
    [InlineData(3, new[] { 0, 1 })]
    [InlineData(2, new[] { 0, 0 })]
    [InlineData(1, new[] { 0, 1 })]
    [InlineData(2, new[] { 0, 1, 2 })]
    public void Merge_RowsNotEachFilledOnce_IsRefused(int rowCount, int[] newRows)
    {
        using var source = TestIndex.Of(TestVectors.RandomRows(new Random(1), 2, 3), TestOptions.Of(3));

        Should.Throw<ArgumentException>(() => TestIndex.Merged(rowCount, TestOptions.Of(3), new VectorMergeSource(source.Segment, newRows)));
    }
}
