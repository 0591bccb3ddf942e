using RagPlatform.Metrics.Spans;

namespace RagPlatform.Metrics.Tests.Spans;

public sealed class SpanMetricsTests
{
    [Fact]
    public void F1_OfSeqevalsExample_IsItsValue()
    {
        // README of seqeval: the first span's start is wrong, the second is right.
        var expected = Read("O O O B-MISC I-MISC I-MISC O", "B-PER I-PER O");
        var predicted = Read("O O B-MISC I-MISC I-MISC I-MISC O", "B-PER I-PER O");

        var counts = SpanMetrics.Count(expected, predicted);

        (counts.Right, counts.Wrong, counts.Missed).ShouldBe((1, 1, 1));
        counts.F1.ShouldBe(0.5);
    }

    [Fact]
    public void Count_SameEndsOtherLabel_IsWrong() =>
        SpanMetrics.Count(Read("B-A I-A"), Read("B-B I-B")).Right.ShouldBe(0);

    [Fact]
    public void Count_SpanToldTwice_CountsOnce() =>
        SpanMetrics.Count([[new LabelledSpan(0, 2, "a")]], [[new LabelledSpan(0, 2, "a"), new LabelledSpan(0, 2, "a")]]).F1.ShouldBe(1);

    [Theory]
    [InlineData("", "")]
    [InlineData("O O", "")]
    [InlineData("B-a", "a0-1")]
    [InlineData("B-a B-a", "a0-1 a1-2")]
    [InlineData("I-a I-a O", "a0-2")]
    [InlineData("B-a I-b I-b", "a0-1 b1-3")]
    [InlineData("O B-a I-a", "a1-3")]
    [InlineData("B-a O I-a", "a0-1 a2-3")]
    [InlineData("B-a-b I-a-b", "a-b0-2")]
    public void FromTags_AnySequence_ReadsAsConllevalDoes(string tags, string spans) =>
        string.Join(' ', LabelledSpan.FromTags(tags.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(span => $"{span.Label}{span.Start}-{span.End}")).ShouldBe(spans);

    [Theory]
    [InlineData("B")]
    [InlineData("B-")]
    [InlineData("X-a")]
    [InlineData("Ba")]
    public void FromTags_NoTag_IsRefused(string tag) => Should.Throw<ArgumentException>(() => LabelledSpan.FromTags([tag])).Message.ShouldContain($"'{tag}'");

    private static IReadOnlyList<LabelledSpan>[] Read(params string[] texts) => [.. texts.Select(text => LabelledSpan.FromTags(text.Split(' ')))];
}
