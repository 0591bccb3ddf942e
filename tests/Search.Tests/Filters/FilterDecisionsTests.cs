using RagPlatform.Search.Filters;

namespace RagPlatform.Search.Tests.Filters;

public class FilterDecisionsTests
{
    private static readonly IndexedDocument Document = FieldTestData.Document("d1", ("year", "2021"), ("lang", "en"), ("day", "2024-02-29"));

    [Fact]
    public void Of_NestedFilter_TellsEveryConditionInItsOrder()
    {
        var filter = new Filter.All(
        [
            new Filter.Range("year", new FilterValue.Number(2020), null, null, new FilterValue.Number(2021.5)),
            new Filter.Any([new Filter.EqualTo("lang", new FilterValue.Text("de")), new Filter.Exists("author", IsThere: false)]),
            new Filter.In("day", [new FilterValue.Date(new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.Zero)), new FilterValue.Date(new DateTimeOffset(2024, 3, 1, 14, 0, 0, TimeSpan.FromHours(2)))]),
        ]);

        FilterDecisions.Of(filter, Document).ShouldBe(
        [
            new FilterDecision("year >= 2020 and year < 2021.5", "2021", Holds: true),
            new FilterDecision("lang = \"de\"", "en", Holds: false),
            new FilterDecision("author does not exist", "", Holds: true),
            new FilterDecision("day in (2024-02-29, 2024-03-01T12:00:00Z)", "2024-02-29", Holds: true),
        ]);
    }

    [Fact]
    public void Of_ConditionUnderNegations_IsToldAndDecidedNegated()
    {
        var english = new Filter.EqualTo("lang", new FilterValue.Text("en"));
        var filter = new Filter.Not(new Filter.Any([english, new Filter.Not(english)]));

        FilterDecisions.Of(filter, Document).ShouldBe(
            [new FilterDecision("not (lang = \"en\")", "en", Holds: false), new FilterDecision("lang = \"en\"", "en", Holds: true)]);
    }

    [Fact]
    public void Of_ManyOrLongValues_AreShownInPart()
    {
        var many = new Filter.In("n", [.. Enumerable.Range(1, 256).Select(i => new FilterValue.Number(i))]);
        var longText = new Filter.EqualTo("lang", new FilterValue.Text(new string('x', 2000)));

        FilterDecisions.Of(many, Document)[0].Condition.ShouldBe("n in (1, 2, 3, 4, 5, 6, 7, 8 and 248 more)");
        FilterDecisions.Of(longText, Document)[0].Condition.Length.ShouldBeLessThan(120);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(100)]
    public void Of_LongValueOfSurrogatePairs_CutsNoneInTwo(int charactersBefore)
    {
        var text = new string('x', charactersBefore) + string.Concat(Enumerable.Repeat("😀", 9));

        var shown = FilterDecisions.Of(new Filter.EqualTo("lang", new FilterValue.Text(text)), Document)[0].Condition;

        shown.ShouldBe($"lang = \"{new string('x', charactersBefore)}…\"");
    }

    [Fact]
    public void Of_NoFilter_IsEmpty() => FilterDecisions.Of(null, Document).ShouldBeEmpty();
}
