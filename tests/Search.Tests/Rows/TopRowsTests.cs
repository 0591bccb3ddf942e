namespace RagPlatform.Search.Tests.Rows;

public class TopRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void TakeSorted_AnyOffersWithTies_AreTheBestAndOfEqualOnesTheLowerRows(int capacity)
    {
        var random = new Random(capacity);
        var offers = Enumerable.Range(0, 500).Select(row => new ScoredRow(row, random.Next(20) - 10)).ToArray();
        random.Shuffle(offers);
        var top = new TopRows(capacity);

        foreach (var offer in offers)
        {
            top.Offer(offer.Row, offer.Score);
        }

        var expected = offers.OrderByDescending(offer => offer.Score).ThenBy(offer => offer.Row).Take(capacity).ToArray();
        top.Threshold.ShouldBe(capacity <= offers.Length ? expected[^1].Score : float.NegativeInfinity);
        top.TakeSorted().ShouldBe(expected);
        top.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Capacity_OfNone_IsRefused(int capacity) => Should.Throw<ArgumentOutOfRangeException>(() => new TopRows(capacity));
}
