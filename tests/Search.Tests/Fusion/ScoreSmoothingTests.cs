using RagPlatform.Search.Fusion;

namespace RagPlatform.Search.Tests.Fusion;

public class ScoreSmoothingTests
{
    [Fact]
    public void Rescore_NearestChunksScoreDifferently_MovesAShareOfTheWayToTheirMean()
    {
        // a and c are alike, b is like neither; scores are 1, .8 and 0.
        Rank(
            new ScoreSmoothing { Nearest = 1, Share = 0.25 },
            new("a", 10, 1) { Vector = [1, 0] }, new("b", 8, 0.8f) { Vector = [0, 1] }, new("c", 0, 0) { Vector = [1, 0] })
            .ShouldBe(["b 0.8", "a 0.75", "c 0.25"]);
    }

    [Fact]
    public void Rescore_SeveralNear_WeighsThemByCosine()
    {
        // c's nearest are a (cosine .8, score 1) and b (cosine .6, score .5); those of a and b are c and each other.
        var hits = Rank(
            new ScoreSmoothing { Nearest = 2, Share = 0.5 },
            new("a", 10, 1) { Vector = [1, 0] }, new("b", 5, 0.5f) { Vector = [0, 1] }, new("c", 0, 0) { Vector = [0.8f, 0.6f] });

        hits.ShouldBe(["a 0.5", FormattableString.Invariant($"c {Math.Round(0.5 * ((0.8 * 1) + (0.6 * 0.5)) / 1.4, 4)}"), "b 0.25"]);
    }

    [Fact]
    public void Rescore_NoVectorsOrNoOthers_ChangesNothing()
    {
        Rank(new ScoreSmoothing(), new("a", 10, 1) { Vector = [] }, new("b", 5, 0.5f) { Vector = [] }, new("c", 0, 0) { Vector = [] })
            .ShouldBe(["a 1", "b 0.5", "c 0"]);
        Rank(new ScoreSmoothing(), new TestCandidate("a", 10, 1)).ShouldBe(["a 1"]);
        Rank(new ScoreSmoothing()).ShouldBeEmpty();
    }

    [Fact]
    public void Rescore_OppositeVectors_DoNotPull() =>
        Rank(new ScoreSmoothing(), new("a", 10, 1) { Vector = [1] }, new("b", 0, 0) { Vector = [-1] }).ShouldBe(["a 1", "b 0"]);

    private static string[] Rank(ScoreSmoothing smoothing, params TestCandidate[] all)
    {
        var candidates = new TestCandidates(all);
        var ranking = new Ranking(new RankingOptions { Rerankers = [smoothing] });
        return candidates.Describe(ranking.Rank(new SearchQuery { Text = "question" }, candidates.Lexical(), candidates.Vectors(), candidates));
    }
}
