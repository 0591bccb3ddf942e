using RagPlatform.FineTuning.Specialist;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class OutOfScopeRuleTests
{
    [Fact]
    public void Choose_WhereMostTextsAreInScope_KeepsTheirLabelsBeforeItFindsStrangers()
    {
        // One stranger among texts in scope, of which 5 of 100 are stranger still and right.
        ScoredText[] texts =
        [
            .. Enumerable.Range(0, 100).Select(i => new ScoredText(i < 95 ? -10 + (i * 0.01) : -2 + (i * 0.001), IsOutOfScope: false, IsRight: true)),
            new ScoredText(-5, IsOutOfScope: true, IsRight: false),
        ];

        var rule = OutOfScopeRule.Choose(texts)!;

        rule.LabelThreshold.ShouldBeGreaterThan(-2);
        rule.Point.Threshold.ShouldBeInRange(-9.1, -5);
        rule.Strangeness(rule.LabelThreshold).ShouldBe(0.5, 1e-9);
    }

    [Fact]
    public void Choose_WhereScoresTellAll_SeparatesThemForLabelAndPoint()
    {
        ScoredText[] texts = [new(-9, false, true), new(-8, false, true), new(-8, false, false), new(-1, true, false), new(-2, true, false)];

        var rule = OutOfScopeRule.Choose(texts)!;

        rule.LabelThreshold.ShouldBe(-5, 1e-9);
        rule.Point.Threshold.ShouldBe(-5, 1e-9);
    }

    [Fact]
    public void Choose_AllScoresAlike_NeverTakesLabelsAway() =>
        OutOfScopeRule.Choose([new(-3, false, true), new(-3, false, true), new(-3, true, false)])!.LabelThreshold.ShouldBeGreaterThan(-3);

    [Fact]
    public void Choose_NothingInScope_IsNone() => OutOfScopeRule.Choose([new(-3, true, false)]).ShouldBeNull();
}
