using FsCheck;
using FsCheck.Fluent;

namespace RagPlatform.Client.Tests.Filters;

/// <summary>Writing and reading a filter changes nothing of what it says; no text breaks the reader.</summary>
public sealed class FilterProperties
{
    private static readonly Config Reproducible = Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260101, 11);

    private static readonly string[] Fields = ["year", "lang", "and", "my field", "a\"b", "\\", "2020", "Ünïcode"];

    private static readonly string[] Texts = ["de", "", "2020", "2020-01-31", "or", "it's \"quoted\"", "back\\slash", "a\nb", "(", "=,"];

    private static readonly string[] Fragments = ["year", ">=", "<", "=", "!", "2020", "2020-01-31", "(", ")", ",", "in", "not", "and", "or", "exists", "\"", "'", "\\", " ", "\t", "é", "😀", "\0", "."];

    [Fact]
    public void Filter_WrittenAndReadAgain_SaysTheSameOfEveryDocument() =>
        Prop.ForAll(Filters(3).ToArbitrary(), filter =>
        {
            var text = filter.ToString();
            var read = Filter.Parse(text);
            read.ToString().ShouldBe(Filter.Parse(read.ToString()).ToString());
            for (var document = 0; document < 256; document++)
            {
                Holds(read, document).ShouldBe(Holds(filter, document), $"{text} of document {document}");
            }
        }).Check(Reproducible);

    [Fact]
    public void AnyText_IsReadOrRefusedWithAPositionInIt() =>
        Prop.ForAll(Gen.Elements(Fragments).ListOf().Resize(30).Select(fragments => string.Concat(fragments)).ToArbitrary(), text =>
        {
            try
            {
                Filter.Parse(text).ShouldNotBeNull();
            }
            catch (FilterSyntaxException mistake)
            {
                mistake.Position.ShouldBeInRange(1, text.Length + 1);
                mistake.Problem.ShouldEndWith(".");
            }
        }).Check(Reproducible);

    /// <summary>A document in which a condition holds or not by the condition alone, the same each time: bit n of the number.</summary>
    private static bool Holds(Filter filter, int document) => filter switch
    {
        Filter.All all => all.Filters.All(inner => Holds(inner, document)),
        Filter.Any any => any.Filters.Any(inner => Holds(inner, document)),
        Filter.Not not => !Holds(not.Inner, document),
        Filter.Exists exists => exists.IsThere == IsTrue($"{exists.Field} exists", document),
        Filter.EqualTo equal => IsTrue($"{equal.Field} = {Shape(equal.Value)}", document),
        Filter.In list => list.Values.Any(value => IsTrue($"{list.Field} = {Shape(value)}", document)),
        Filter.Range range => new[] { (">=", range.AtLeast), (">", range.MoreThan), ("<=", range.AtMost), ("<", range.LessThan) }
            .All(bound => bound.Item2 is null || IsTrue($"{range.Field} {bound.Item1} {Shape(bound.Item2)}", document)),
        _ => throw new NotSupportedException(filter.GetType().Name),
    };

    private static bool IsTrue(string condition, int document) => (condition.Aggregate(17, (hash, character) => (hash * 31) + character) & document) % 3 == 0;

    private static string Shape(FilterValue value) => value switch
    {
        FilterValue.Text text => $"text {text.Value}",
        FilterValue.Number number => $"number {BitConverter.DoubleToInt64Bits(number.Value)}",
        FilterValue.Date date => $"date {date.Value.UtcTicks}",
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    private static Gen<FilterValue> Numbers() =>
        from whole in Gen.Choose(-5000, 5000)
        from divisor in Gen.Elements(1.0, 3.0, 1e-20, 1e20)
        select (FilterValue)(whole / divisor);

    private static Gen<FilterValue> Dates() =>
        from seconds in Gen.Choose(0, int.MaxValue)
        from ticks in Gen.Elements(0, 1, 5_000_000)
        from isDay in Gen.Elements(true, false)
        select (FilterValue)(isDay ? DateTimeOffset.UnixEpoch.AddDays(seconds / 86_400) : DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddTicks(ticks));

    private static Gen<Filter> Conditions() => Gen.OneOf(
        from field in Gen.Elements(Fields)
        from value in Gen.OneOf(Gen.Elements(Texts).Select(text => (FilterValue)text), Numbers(), Dates())
        select Filter.Where(field).EqualTo(value),
        from field in Gen.Elements(Fields)
        from first in Gen.Elements(Texts)
        from second in Numbers()
        select Filter.Where(field).In(first, second),
        from field in Gen.Elements(Fields)
        from low in Numbers()
        from high in Numbers()
        select Filter.Where(field).Between(low, high),
        from field in Gen.Elements(Fields)
        from bound in Dates()
        select Filter.Where(field).LessThan(bound),
        from field in Gen.Elements(Fields)
        from isThere in Gen.Elements(true, false)
        select (Filter)new Filter.Exists(field, isThere));

    private static Gen<Filter> Filters(int depth) => depth == 0 ? Conditions() : Gen.OneOf(
        Conditions(),
        Filters(depth - 1).Select(filter => !filter),
        Filters(depth - 1).NonEmptyListOf().Resize(3).Select(filters => (Filter)new Filter.All([.. filters])),
        Filters(depth - 1).NonEmptyListOf().Resize(3).Select(filters => (Filter)new Filter.Any([.. filters])));
}
