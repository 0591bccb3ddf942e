using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Mining;
using RagPlatform.FineTuning.Retrieving.Ranking;

namespace RagPlatform.FineTuning.Tests.Retrieving;

public sealed class HardNegativesTests
{
    private static readonly string[] Passages =
    [
        "the cat sat on the mat",          // 0: the answer
        "the cat lay on the mat",          // 1
        "a cat and a mat and a dog",       // 2
        "dogs bark at night",              // 3
        "stock prices fell",               // 4
        "cats chase mice",                 // 5
    ];

    /// <summary>Cosines to the query's vector (1, 0).</summary>
    private static readonly float[] Cosines = [0.8f, 0.79f, 0.7f, 0.6f, 0.1f, -0.2f];

    [Fact]
    public void Mine_NearerThanShareOfTheAnswer_IsLeftOut()
    {
        var mined = Mine(new MiningSettings(PerExample: 2, SkippedRanks: 0, PositiveShare: 0.95), given: [], known: [0]);

        mined.ShouldBe([2, 3]);
    }

    [Fact]
    public void Mine_KnownAndGivenAndSkipped_AreNotFound()
    {
        Mine(new MiningSettings(6, 0, 1), [], [0, 1]).ShouldBe([2, 3, 5, 4]);
        Mine(new MiningSettings(6, 0, 1), [3], [0]).ShouldBe([3, 1, 2, 4, 5]);
        Mine(new MiningSettings(6, 1, 1), [], [0]).ShouldBe([2, 3, 5, 4]);
    }

    [Fact]
    public void Mine_EnoughGiven_StayAsTheyAre()
    {
        Mine(new MiningSettings(2, 0, 1), [3, 4, 5], [0]).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public void Mine_GivenThatAnotherPairAnswersWith_IsNoNegative()
    {
        Mine(new MiningSettings(2, 0, 1), [1, 3, 4], [0, 1]).ShouldBe([3, 4]);
    }

    [Fact]
    public void Mine_WithoutVectors_FindsByWordsAlone()
    {
        var mining = new HardNegatives(new MiningSettings(6, 0, 1), [.. Passages.Select(_ => Array.Empty<float>())], new LexicalRanking(Passages, CancellationToken.None));

        mining.Mine(new ContrastiveExample(0, 0, []), "Is the cat on the mat?", [], new HashSet<int> { 0 }).Negatives.ShouldBe([1, 2, 5], ignoreOrder: true);
    }

    [Fact]
    public void Scores_OfLexicalRanking_AreZeroWithoutACommonTerm()
    {
        var scores = new LexicalRanking(Passages, CancellationToken.None).Score("Cats on mats");

        scores.Select(score => score > 0).ShouldBe([true, true, true, false, false, true]);
        TopRanks.Of(scores, 3).ShouldBe([0, 1, 2], ignoreOrder: true);
    }

    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(2, new[] { 1, 3 })]
    [InlineData(9, new[] { 1, 3, 0, 2 })]
    public void TopRanks_OfEqualScores_AreInTheirOrder(int count, int[] expected)
    {
        TopRanks.Of([1f, 5f, float.NegativeInfinity, 5f], count).ShouldBe(expected);
    }

    private static IReadOnlyList<int> Mine(MiningSettings settings, int[] given, int[] known)
    {
        float[][] vectors = [.. Cosines.Select(cosine => new[] { cosine, MathF.Sqrt(1 - (cosine * cosine)) })];
        var mining = new HardNegatives(settings, vectors, new LexicalRanking(Passages, CancellationToken.None));
        return mining.Mine(new ContrastiveExample(0, 0, given), "Is the cat on the mat?", [1, 0], known.ToHashSet()).Negatives;
    }
}
