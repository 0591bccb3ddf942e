using FsCheck;
using FsCheck.Fluent;
using RagPlatform.FineTuning.Specialist;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class BioTests
{
    [Fact]
    public void Tags_OfSpansAndBack_AreTheSame()
    {
        PieceSpan[] spans = [new(0, 1, 3), new(1, 3, 4), new(1, 4, 6)];

        var tags = BioTags.Of(spans, 7);

        tags.ShouldBe([0, 1, 2, 3, 3, 4, 0]);
        BioTags.Spans(tags).ShouldBe(spans);
    }

    [Fact]
    public void Decode_WhereTheLikeliestTagsAreImpossible_TakesTheLikeliestPossibleOnes()
    {
        // By itself every piece would be I-0, which nothing begins.
        float[] logits = [0, 1, 3, 0, 0, 3, 0, 0, 3];

        BioDecoding.Decode(logits, kinds: 1).Tags.ShouldBe([1, 2, 2]);
    }

    [Fact]
    public void Decode_OfSureLogits_IsSure()
    {
        var (tags, confidence) = BioDecoding.Decode([20, 0, 0, 0, 20, 0], kinds: 1);

        tags.ShouldBe([0, 1]);
        confidence.ShouldBe(1, 1e-6);
        BioDecoding.Decode([0, 0, 0], kinds: 1).Confidence.ShouldBe(1.0 / 3, 1e-6);
        BioDecoding.Decode([], kinds: 1).ShouldSatisfyAllConditions(none => none.Tags.ShouldBeEmpty(), none => none.Confidence.ShouldBe(1));
    }

    /// <summary>Against every sequence of tags there is.</summary>
    [Fact]
    public void Decode_OfAnyLogits_IsTheBestOfAllAllowedSequences() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261120, 1), Prop.ForAll(
            Gen.Choose(-400, 400).ArrayOf(4 * 5).Select(values => values.Select(value => value / 100f).ToArray()).ToArbitrary(),
            logits =>
            {
                const int kinds = 2;
                var count = BioTags.Count(kinds);
                var found = BioDecoding.Decode(logits, kinds).Tags;
                var best = Sequences(4, count).Where(IsAllowed).MaxBy(tags => Score(logits, tags, count))!;
                IsAllowed(found).ShouldBeTrue();
                Score(logits, found, count).ShouldBe(Score(logits, best, count), 1e-4);
            }));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Energy_OfTwoEqualLogits_IsAsDefined(double temperature) =>
        EnergyScore.Of([2, 2], temperature).ShouldBe(-temperature * Math.Log(2 * Math.Exp(2 / temperature)), 1e-9);

    [Fact]
    public void Energy_OfHugeLogits_IsFinite() => EnergyScore.Of([1e5f, -1e5f]).ShouldBe(-1e5, 1e-3);

    [Fact]
    public void OperatingPoint_WithoutStrangeTexts_Keeps95Percent()
    {
        var point = OperatingPoint.Choose([.. Enumerable.Range(1, 100).Select(score => (double)score)], []);

        (point.Threshold, point.Kept, point.Found).ShouldBe((95, 0.95, 0));
    }

    [Fact]
    public void OperatingPoint_WithStrangeTexts_IsTheBestBalancedAccuracyInTheMiddleOfItsGap()
    {
        var point = OperatingPoint.Choose([1, 2, 3, 8], [7, 9, 10, 11]);

        point.Threshold.ShouldBeOneOf(5, 8.5);
        ((point.Kept + point.Found) / 2).ShouldBe(0.875);
    }

    private static bool IsAllowed(int[] tags) => tags.Select((tag, piece) => BioTags.MayFollow(piece == 0 ? -1 : tags[piece - 1], tag)).All(allowed => allowed);

    private static double Score(float[] logits, int[] tags, int count) =>
        tags.Select((tag, piece) => logits[(piece * count) + tag] - Math.Log(Enumerable.Range(0, count).Sum(other => Math.Exp(logits[(piece * count) + other])))).Sum();

    private static IEnumerable<int[]> Sequences(int length, int count) =>
        length == 0 ? [[]] : Sequences(length - 1, count).SelectMany(head => Enumerable.Range(0, count).Select(tag => (int[])[.. head, tag]));
}
