using RagPlatform.Search.Fusion;

namespace RagPlatform.Search.Tests.Fusion;

public class RankingTests
{
    private const float None = float.NaN;

    private static readonly SearchQuery Query = new() { Text = "question", TopK = 10 };

    [Fact]
    public void MinMax_EveryCandidateScoredByBothArms_StretchesOverAllCandidates()
    {
        var candidates = new TestCandidates(
            new("a", 10, 0.9f), new("b", 6, None) { RealCosine = 0.1f }, new("c", None, 0.5f) { RealLexical = 0 });

        // Lexical 10, 6, 0 become 1, .6, 0; cosine .9, .1, .5 become 1, 0, .5.
        Rank(candidates, Query with { VectorWeight = 0.25 }).ShouldBe(["a 1", "b 0.45", "c 0.125"]);
    }

    [Fact]
    public void MinMax_MissingTakesTheArmsMinimum_StretchesOverTheArmsProposals()
    {
        var candidates = new TestCandidates(new("a", 10, 0.9f), new("b", 6, None) { RealCosine = 0.4f }, new("c", None, 0.5f), new("d", 5, 0.3f));

        // Lexical 10, 6, -, 5 become 1, .2, 0, 0; cosine .9, -, .5, .3 become 1, 0, .3333, 0.
        Rank(candidates, Query, MissingScore.ArmMinimum, lexicalWanted: 3).ShouldBe(["a 1", "c 0.1667", "b 0.1", "d 0"]);
    }

    [Fact]
    public void MinMax_LexicalArmFoundFewerThanWanted_MissingScoredNothing()
    {
        var candidates = new TestCandidates(new("a", 10, 0.9f), new("b", 5, 0.1f), new("c", None, 0.6f));

        // All that match are proposed, so that the least of them still is worth 5 of 10.
        Rank(candidates, Query, MissingScore.ArmMinimum, lexicalWanted: 3).ShouldBe(["a 1", "c 0.3125", "b 0.25"]);
    }

    [Fact]
    public void MinMax_NothingMatchesAnyWord_IsTheVectorArmsOrder()
    {
        var candidates = new TestCandidates(new("a", None, 0.1f) { RealLexical = 0 }, new("b", None, 0.2f) { RealLexical = 0 });

        Rank(candidates, Query).ShouldBe(["b 0.5", "a 0"]);
    }

    [Fact]
    public void ReciprocalRank_TwoArms_SumsWeightedReciprocals()
    {
        var candidates = new TestCandidates(new("a", 9, 0.1f), new("b", 3, 0.8f), new("c", 7, None) { RealCosine = 1 });

        var hits = new Ranking(new RankingOptions { Rerankers = [] })
            .Rank(Query with { Fusion = FusionMethod.ReciprocalRank, VectorWeight = 0.25 }, candidates.Lexical(), candidates.Vectors(), candidates);

        hits.Select(hit => candidates.ChunkId(hit.Row)).ShouldBe(["a", "b", "c"]);
        hits[0].Score.ShouldBe((0.75 / 61) + (0.25 / 62), 1e-12);
        hits[1].Score.ShouldBe((0.75 / 63) + (0.25 / 61), 1e-12);
        hits[2].Score.ShouldBe(0.75 / 62, 1e-12);
        hits[2].Vector.Rank.ShouldBe(0);
    }

    [Theory]
    [InlineData(FusionMethod.Lexical)]
    [InlineData(FusionMethod.Vector)]
    public void SingleArm_AnyWeight_KeepsItsOrderAndAsksForNothingElse(FusionMethod arm)
    {
        var candidates = new TestCandidates(new("a", 1, 1), new("b", 3, 3), new("c", 2, 2) { Title = "a title", Text = "a title" });
        var isLexical = arm == FusionMethod.Lexical;

        var hits = new Ranking(new RankingOptions()).Rank(
            Query with { Fusion = arm, VectorWeight = 0.5 },
            isLexical ? candidates.Lexical(wanted: 3) : ArmProposals.None, isLexical ? ArmProposals.None : candidates.Vectors(wanted: 3), candidates);

        candidates.Describe(hits).ShouldBe(["b 1", "c 0.5", "a 0"]);
        candidates.TextsRead.ShouldBe(0);
    }

    [Fact]
    public void Rank_EqualScores_OrdersByChunkIdInEveryArm()
    {
        var candidates = new TestCandidates(new("c", 5, 0.5f), new("a", 5, 0.5f), new("b", 5, 0.5f));

        foreach (var fusion in Enum.GetValues<FusionMethod>())
        {
            var hits = new Ranking(new RankingOptions()).Rank(Query with { Fusion = fusion, TopK = 2 }, candidates.Lexical(), candidates.Vectors(), candidates);

            hits.Select(hit => candidates.ChunkId(hit.Row)).ShouldBe(["a", "b"]);
            hits.Select(hit => hit.Lexical.Rank).ShouldBe([1, 2]);
        }
    }

    [Fact]
    public void Rank_AnyProposals_HasScoresFromZeroToOneThatContributionsSumTo()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var candidates = Random(random, random.Next(0, 30));
            var options = new RankingOptions { MissingScore = (MissingScore)random.Next(2), Rerankers = random.Next(2) == 0 ? [] : [new ScoreSmoothing(), new TitleLinks()] };
            var query = Query with { Fusion = (FusionMethod)random.Next(2), VectorWeight = random.Next(5) / 4.0, Diversity = random.Next(2) == 0 ? null : 0.3 };

            var hits = new Ranking(options).Rank(query, candidates.Lexical(random.Next(40)), candidates.Vectors(30), candidates);

            foreach (var hit in hits)
            {
                hit.Score.ShouldBeInRange(0, 1);
                (hit.Lexical.Contribution + hit.Vector.Contribution + hit.ChangeBy<ScoreSmoothing>() + hit.ChangeBy<TitleLinks>()).ShouldBe(hit.Score, 1e-12);
                hit.Lexical.Normalized.ShouldBeInRange(0, 1);
                hit.Vector.Normalized.ShouldBeInRange(0, 1);
            }

            hits.Select(hit => hit.Row).ShouldBeUnique();
        }
    }

    [Fact]
    public void MaxChunksPerDocument_OfOne_IsTheBestChunkOfEachDocument()
    {
        var candidates = new TestCandidates(
            new("a1", 9, 0.9f) { Document = "a" }, new("a2", 8, 0.8f) { Document = "a" }, new("b1", 7, 0.7f) { Document = "b" }, new("a3", 6, 0.6f) { Document = "a" });

        Rank(candidates, Query with { MaxChunksPerDocument = 1 }).Select(hit => hit[..2]).ShouldBe(["a1", "b1"]);
        Rank(candidates, Query with { MaxChunksPerDocument = 2 }).Select(hit => hit[..2]).ShouldBe(["a1", "a2", "b1"]);
        Rank(candidates, Query with { MaxChunksPerDocument = 2, Diversity = 0.5 }).Select(hit => hit[..2]).ShouldBe(["a1", "a2", "b1"]);
    }

    [Fact]
    public void MaxChunksPerDocument_OfOne_AddsUpWhatDifferentChunksOfADocumentAreWorth()
    {
        var candidates = new TestCandidates(
            new("a1", 10, 0.1f) { Document = "a" }, new("a2", 0, 0.9f) { Document = "a" }, new("b1", 8, 0.7f) { Document = "b" });

        // Lexical 10, 0, 8 become 1, 0, .8; cosine .1, .9, .7 become 0, 1, .75: document a has 1 of each, though no chunk of it has both.
        Rank(candidates, Query).ShouldBe(["b1 0.775", "a1 0.5", "a2 0.5"]);
        Rank(candidates, Query with { MaxChunksPerDocument = 1 }).ShouldBe(["a1 1", "b1 0.775"]);
    }

    [Fact]
    public void Diversity_LikeCandidates_PrefersTheUnlikeOne()
    {
        var candidates = new TestCandidates(
            new("a", 10, 1) { Vector = [1, 0] }, new("b", 9, 0.9f) { Vector = [1, 0] }, new("c", 5, 0.5f) { Vector = [0, 1] }, new("d", 0, 0) { Vector = [0, 1] });

        var hits = new Ranking(new RankingOptions { Rerankers = [] })
            .Rank(Query with { Diversity = 0.5, TopK = 3 }, candidates.Lexical(), candidates.Vectors(), candidates);

        hits.Select(hit => candidates.ChunkId(hit.Row)).ShouldBe(["a", "c", "b"]);
        hits.Select(hit => hit.RankBeforeDiversity).ShouldBe([1, 3, 2]);
    }

    [Fact]
    public void Diversity_OneChunkPerDocument_IsTheBestChunkHoweverUnlikeAnotherIs()
    {
        var candidates = new TestCandidates(
            new("a", 10, 1) { Vector = [1, 0], Document = "a" }, new("b1", 9, 0.9f) { Vector = [1, 0], Document = "b" },
            new("b2", 5, 0.5f) { Vector = [0, 1], Document = "b" }, new("c", 0, 0) { Vector = [1, 0], Document = "c" });

        Rank(candidates, Query with { Diversity = 0.5, MaxChunksPerDocument = 1 }).Select(hit => hit.Split(' ')[0]).ShouldBe(["a", "b1", "c"]);
    }

    [Fact]
    public void Diversity_OneDocumentHasAsManyChunksAsCandidatesAreWanted_LooksAtOtherDocumentsToo()
    {
        var candidates = new TestCandidates(
            [.. Enumerable.Range(0, 20).Select(i => new TestCandidate($"a{i:D2}", 20, 0.9f) { Document = "a" }), new("b", 10, 0.5f) { Document = "b" }, new("c", 0, 0)]);

        var hits = Rank(candidates, Query with { Diversity = 0.1, MaxChunksPerDocument = 1, Candidates = 10, TopK = 3 });

        hits.Select(hit => hit.Split(' ')[0]).ShouldBe(["a00", "b", "c"]);
    }

    [Fact]
    public void Diversity_AnyCandidates_EqualsTheFormulaComputedAnewForEveryHit()
    {
        var random = new Random(12);
        for (var round = 0; round < 200; round++)
        {
            var candidates = Random(random, random.Next(1, 25));
            var ranking = new Ranking(new RankingOptions { Rerankers = [] });
            var diversity = random.Next(1, 5) / 4.0;
            var all = ranking.Rank(Query with { TopK = 100 }, candidates.Lexical(), candidates.Vectors(), candidates);

            var hits = ranking.Rank(Query with { TopK = 7, Diversity = diversity }, candidates.Lexical(), candidates.Vectors(), candidates);

            hits.Select(hit => hit.Row).ShouldBe(NaiveDiversity(all, candidates, diversity, 7));
        }
    }

    [Fact]
    public void Rank_NoCandidates_IsEmpty() => Rank(new TestCandidates(), Query with { Diversity = 0.5 }).ShouldBeEmpty();

    private static List<int> NaiveDiversity(IReadOnlyList<Candidate> sorted, TestCandidates candidates, double diversity, int count)
    {
        var best = sorted.Count > 0 && sorted[0].Score > 0 ? sorted[0].Score : 1;
        var taken = new List<int>();
        while (taken.Count < Math.Min(count, sorted.Count))
        {
            var next = sorted.Where(candidate => !taken.Contains(candidate.Row)).OrderByDescending(candidate =>
            {
                var likeness = taken.Select(row => (float)TestVectors.Dot(candidates.Vector(row).ToArray(), candidates.Vector(candidate.Row).ToArray())).DefaultIfEmpty(0).Max();
                return Math.Round(((1 - diversity) * candidate.Score / best) - (diversity * likeness), 5);
            }).First();
            taken.Add(next.Row);
        }

        return taken;
    }

    private static TestCandidates Random(Random random, int count) => new([.. Enumerable.Range(0, count).Select(i => new TestCandidate(
        $"{i:D2}", random.Next(3) == 0 ? None : random.NextSingle() * 30, random.Next(3) == 0 ? None : (random.NextSingle() * 2) - 1)
    {
        RealLexical = random.Next(2) == 0 ? None : 0,
        RealCosine = random.Next(2) == 0 ? None : -1,
        Title = $"Title {random.Next(9)}",
        Text = $"It mentions Title {random.Next(9)}, and Title {random.Next(9)}.",
        Vector = TestVectors.Random(random, 4),
    }).Where(candidate => !(float.IsNaN(candidate.Lexical) && float.IsNaN(candidate.Cosine)))]);

    private static string[] Rank(
        TestCandidates candidates, SearchQuery query, MissingScore missing = MissingScore.OtherArmScores, int lexicalWanted = int.MaxValue) =>
        candidates.Describe(new Ranking(new RankingOptions { MissingScore = missing, Rerankers = [] })
            .Rank(query, candidates.Lexical(lexicalWanted), candidates.Vectors(), candidates));
}
