using RagPlatform.Search.Fusion;

namespace RagPlatform.Search.Tests.Fusion;

public class TitleLinksTests
{
    [Theory]
    [InlineData("Ed Wood", "a film about Ed Wood.", true)]
    [InlineData("Ed Wood (film)", "a film called Ed Wood", true)]
    [InlineData("Ed Wood", "Ed Woodrow made it", false)]
    [InlineData("Ed Wood", "Fred Wood made it", false)]
    [InlineData("Ed Wood", "Ed Woodrow met Ed Wood", true)]
    [InlineData("was", "it was so", false)]
    [InlineData("", "anything", false)]
    [InlineData("(Film)", "a film (Film)", true)]
    [InlineData("search", "how to search", false)]
    [InlineData("search 2", "how to search 2 of them", true)]
    [InlineData("東京都", "東京都", false)]
    [InlineData("東京都庁", "東京都庁", true)]
    public void Rescore_BestHitMentionsTheTitleOrNot_LiftsThatCandidateOrNone(string title, string text, bool lifts)
    {
        var hits = Rank(new("a", 10, 1) { Text = text }, new("b", 6, 0.6f), new("c", 5, 0.5f) { Title = title }, new("d", 0, 0));

        hits[1].ShouldStartWith(lifts ? "c" : "b");
    }

    [Fact]
    public void Rescore_MentionedByTheWorse_DoesNotLiftTheBetter() =>
        Rank(new("a", 10, 1) { Title = "Ed Wood" }, new("b", 5, 0.5f) { Text = "Ed Wood" }, new("c", 0, 0)).ShouldBe(["a 1", "b 0.5", "c 0"]);

    [Fact]
    public void Rescore_ChunksOfTheSameTitle_DoNotLiftEachOther() =>
        Rank(new("a", 10, 1) { Title = "Ed Wood", Text = "Ed Wood" }, new("b", 5, 0.5f) { Title = "Ed Wood" }, new("c", 0, 0))
            .ShouldBe(["a 1", "b 0.5", "c 0"]);

    [Fact]
    public void Rescore_MentionedByTheBest_RisesButNeverOvertakesIt() =>
        Rank(new("z", 10, 1) { Text = "Ed Wood" }, new("b", 9.9f, 0.99f) { Title = "Ed Wood" }, new("c", 0, 0))[0].ShouldBe("z 1");

    private static string[] Rank(params TestCandidate[] all)
    {
        var candidates = new TestCandidates(all);
        var ranking = new Ranking(new RankingOptions { Rerankers = [new TitleLinks()] });
        return candidates.Describe(ranking.Rank(new SearchQuery { Text = "question" }, candidates.Lexical(), candidates.Vectors(), candidates));
    }
}
