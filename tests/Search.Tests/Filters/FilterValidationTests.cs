using RagPlatform.Search.Filters;

namespace RagPlatform.Search.Tests.Filters;

public class FilterValidationTests
{
    private static readonly Filter Condition = new Filter.Exists("f", IsThere: true);

    [Fact]
    public void Check_NestedAsDeepAsAllowed_PassesAndOneDeeperIsRefused()
    {
        var filter = Condition;
        for (var depth = 1; depth < FilterLimits.MaxDepth; depth++)
        {
            filter = depth % 2 == 0 ? new Filter.Not(filter) : new Filter.All([filter]);
        }

        FilterValidation.Check(filter);
        Refused(new Filter.Any([filter])).Path.ShouldEndWith(".not.all.filters[0]");
    }

    [Fact]
    public void Check_ListOfTooMany_NamesTheListAndTheLimit()
    {
        FilterValidation.Check(new Filter.Any(Repeat(64)));

        var refusal = Refused(new Filter.Not(new Filter.Any(Repeat(65))));

        refusal.Path.ShouldBe("filter.not.any.filters");
        refusal.Reason.ShouldContain("65");
        refusal.Reason.ShouldContain("64");
    }

    [Fact]
    public void Check_TooManyConditionsInManyLists_IsRefused()
    {
        var full = Repeat(64);
        FilterValidation.Check(new Filter.All([.. Enumerable.Repeat(new Filter.Any(full), 4)]));

        Refused(new Filter.All([.. Enumerable.Repeat(new Filter.Any(full), 4), Condition])).Path.ShouldBe("filter.all.filters[4]");
    }

    [Fact]
    public void Check_TooManyEmptyLists_IsRefused()
    {
        // Each costs a set of all documents, like a condition, though it holds none.
        Filter[] empty = [.. Enumerable.Repeat(new Filter.Not(new Filter.Any([])), 64)];
        FilterValidation.Check(new Filter.All([.. Enumerable.Repeat(new Filter.All(empty), 4)]));

        Refused(new Filter.All([.. Enumerable.Repeat(new Filter.All(empty), 4), new Filter.All([])])).Path.ShouldBe("filter.all.filters[4]");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(128, false)]
    [InlineData(129, true)]
    public void Check_FieldLength_IsBounded(int characters, bool refused)
    {
        var filter = new Filter.All([Condition, new Filter.EqualTo(new string('f', characters), new FilterValue.Text(""))]);

        if (refused)
        {
            var refusal = Refused(filter);
            refusal.Path.ShouldBe("filter.all.filters[1].condition.field");
            refusal.Reason.ShouldContain("128");
        }
        else
        {
            FilterValidation.Check(filter);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void Check_InWithNoneOrTooManyValues_IsRefused(int count) =>
        Refused(new Filter.In("f", [.. Enumerable.Repeat(new FilterValue.Number(1), count)])).Path.ShouldBe("filter.condition.in.values");

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Check_NumberThatIsNone_IsRefusedWhereverItStands(double number)
    {
        var value = new FilterValue.Number(number);

        Refused(new Filter.EqualTo("f", value)).Path.ShouldBe("filter.condition.equals.number");
        Refused(new Filter.In("f", [new FilterValue.Number(1), value])).Path.ShouldBe("filter.condition.in.values[1].number");
        Refused(new Filter.Range("f", null, null, null, value)).Path.ShouldBe("filter.condition.range.less_than.number");
    }

    [Fact]
    public void Check_TextLongerThanAnyStored_IsRefusedAndShortened()
    {
        FilterValidation.Check(new Filter.EqualTo("uri", new FilterValue.Text(new string('x', 2048))));

        var refusal = Refused(new Filter.EqualTo("uri", new FilterValue.Text(new string('x', 2049))));

        refusal.Reason.ShouldContain("2049");
        refusal.Message.Length.ShouldBeLessThan(250);
    }

    [Fact]
    public void Check_RangeWithoutBoundsOrOfText_OrOfTwoTypes_IsRefused()
    {
        Refused(new Filter.Range("f", null, null, null, null)).Path.ShouldBe("filter.condition.range");
        Refused(new Filter.Range("f", new FilterValue.Text("a"), null, null, null)).Path.ShouldBe("filter.condition.range.at_least");
        Refused(new Filter.Range("f", new FilterValue.Number(1), null, new FilterValue.Date(DateTimeOffset.UnixEpoch), null))
            .Path.ShouldBe("filter.condition.range.at_most");
    }

    private static Filter[] Repeat(int count) => [.. Enumerable.Repeat(Condition, count)];

    private static FilterException Refused(Filter filter) => Should.Throw<FilterException>(() => FilterValidation.Check(filter));
}
