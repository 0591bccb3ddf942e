namespace RagPlatform.Search.Tests;

public class TopKTests
{
    [Fact]
    public void Offer_AnyOrderWithTies_KeepsTheSameBest()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var offers = Enumerable.Range(0, random.Next(0, 40)).Select(id => new ScoredId(id, random.Next(5))).ToArray();
            var expected = offers.OrderByDescending(offer => offer.Score).ThenBy(offer => offer.Id).Take(7).ToArray();
            random.Shuffle(offers);
            var top = new TopK(7, Comparer<int>.Default);

            foreach (var offer in offers)
            {
                top.Offer(offer.Id, offer.Score);
            }

            top.TakeSorted().ShouldBe(expected);
        }
    }
}
