namespace RagPlatform.Search.Tests.Rows;

public class RowSetTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void AnyChanges_EqualThoseOfASortedSet(int length)
    {
        var random = new Random(length);
        var (left, right) = (new RowSet(length), new RowSet(length));
        var (expected, other) = (new SortedSet<int>(), new SortedSet<int>());
        for (var round = 0; round < 300 && length > 0; round++)
        {
            var row = random.Next(length);
            left.Add(row);
            expected.Add(row);
            right.Add(row = random.Next(length));
            other.Add(row);
            left.Remove(row = random.Next(length));
            expected.Remove(row);
        }

        Check(left, expected);
        Check(Changed(left, set => set.UnionWith(right)), expected.Union(other));
        Check(Changed(left, set => set.IntersectWith(right)), expected.Intersect(other));
        Check(Changed(left, set => set.ExceptWith(right)), expected.Except(other));
        Check(Changed(RowSet.All(length), set => set.ExceptWith(left)), Enumerable.Range(0, length).Except(expected));
        Check(RowSet.FromWords(length, left.Words), expected);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    public void Add_RowOutside_IsRefused(int row)
    {
        // Who searches a set reads memory by its rows.
        var set = new RowSet(65);

        Should.Throw<ArgumentOutOfRangeException>(() => set.Add(row));

        set.Count().ShouldBe(0);
    }

    [Theory]
    [InlineData(10, 11)]
    [InlineData(11, 10)]
    [InlineData(10, 300)]
    public void SetsOfOtherLengths_AreRefused(int length, int otherLength)
    {
        var (set, other) = (new RowSet(length), RowSet.All(otherLength));

        Should.Throw<ArgumentException>(() => set.UnionWith(other)).Message.ShouldContain($"{otherLength} rows");
        Should.Throw<ArgumentException>(() => set.IntersectWith(other));
        Should.Throw<ArgumentException>(() => set.ExceptWith(other));
        set.Count().ShouldBe(0);
    }

    [Fact]
    public void FromWords_OfAnotherLength_IsRefused()
    {
        Should.Throw<ArgumentException>(() => RowSet.FromWords(64, [0, 0]));
        Should.Throw<ArgumentException>(() => RowSet.FromWords(65, [0]));
        Should.Throw<ArgumentException>(() => RowSet.FromWords(65, [0, 2]));
        Should.Throw<ArgumentException>(() => RowSet.FromWords(-1, []));
    }

    private static RowSet Changed(RowSet set, Action<RowSet> change)
    {
        var copy = set.Copy();
        change(copy);
        return copy;
    }

    private static void Check(RowSet set, IEnumerable<int> expected)
    {
        var rows = new List<int>();
        foreach (var row in set)
        {
            rows.Add(row);
        }

        rows.ShouldBe(expected.Order());
        set.Count().ShouldBe(rows.Count);
        Enumerable.Range(0, set.Length).Where(set.Contains).ShouldBe(rows);
    }
}
