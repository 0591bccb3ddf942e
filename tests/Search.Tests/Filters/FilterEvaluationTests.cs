using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Search.Filters;

namespace RagPlatform.Search.Tests.Filters;

public class FilterEvaluationTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261120, 4711);

    [Fact]
    public void Documents_AnyFilter_AreThoseANaiveReadingFinds() =>
        Prop.ForAll(FieldTestData.SomeDocuments.Zip(FieldTestData.SomeFilter(depth: 3)).ToArbitrary(), data =>
        {
            var (documents, filter) = data;
            using var sections = MemorySections.Of(writer => FieldSectionWriter.Write(writer, documents));
            FilterValidation.Check(filter);

            var found = FilterEvaluation.Documents(filter, new FieldSegment(sections));

            found.Length.ShouldBe(documents.Length);
            for (var i = 0; i < documents.Length; i++)
            {
                var expected = NaiveFilter.Holds(filter, documents[i]);
                found.Contains(i).ShouldBe(expected, filter.ToString());
                FilterEvaluation.Holds(filter, documents[i]).ShouldBe(expected, filter.ToString());
            }
        }).Check(Seeded);

    [Theory]
    [InlineData("2024-02-29", true)]
    [InlineData("2024-02-29T02:00:00+02:00", true)]
    [InlineData("2024-02-28T19:00-05:00", true)]
    [InlineData("2024-02-29T00:00:00.000Z", true)]
    [InlineData("2024-02-29T00:00:00.000000000Z", true)]
    [InlineData("2024-02-29T00:00:00.0000001Z", false)]
    [InlineData("2024-02-29T00:00:01", false)]
    [InlineData("29.02.2024", false)]
    [InlineData("02/29/2024", false)]
    [InlineData("2024-2-29", false)]
    [InlineData("2024-02-29 00:00", false)]
    [InlineData("2024-02-29T00:00:00+99:00", false)]
    [InlineData("0001-01-01T00:00:00+14:00", false)]
    public void EqualTo_DateWrittenInManyWays_ComparesTheInstant(string text, bool holds) =>
        Holds(new Filter.EqualTo("day", new FilterValue.Date(new DateTimeOffset(2024, 2, 29, 1, 0, 0, TimeSpan.FromHours(1)))), ("day", text)).ShouldBe(holds);

    [Theory]
    [InlineData("2020", true)]
    [InlineData("+2020.0", true)]
    [InlineData("2.02E3", true)]
    [InlineData("2020 ", false)]
    [InlineData("2,020", false)]
    [InlineData("٢٠٢٠", false)]
    [InlineData("2020-01-01", false)]
    [InlineData("", false)]
    public void EqualTo_NumberWrittenInManyWays_ComparesTheNumber(string text, bool holds) =>
        Holds(new Filter.EqualTo("year", new FilterValue.Number(2020)), ("year", text)).ShouldBe(holds);

    [Fact]
    public void EqualTo_TextOfANumber_DoesNotMatchTheNumberWrittenDifferently() =>
        Holds(new Filter.EqualTo("year", new FilterValue.Text("2020")), ("year", "2020.0")).ShouldBeFalse();

    [Fact]
    public void AnyCondition_BuiltInFieldAlsoInMetadata_SeesTheBuiltIn()
    {
        Holds(new Filter.EqualTo("title", new FilterValue.Text("Title d")), ("title", "forged")).ShouldBeTrue();
        Holds(new Filter.EqualTo("title", new FilterValue.Text("forged")), ("title", "forged")).ShouldBeFalse();
    }

    [Fact]
    public void Not_FieldAbsent_Holds() =>
        Holds(new Filter.Not(new Filter.EqualTo("lang", new FilterValue.Text("en")))).ShouldBeTrue();

    private static bool Holds(Filter filter, params (string Key, string Value)[] metadata)
    {
        var document = FieldTestData.Document("d", metadata);
        using var sections = MemorySections.Of(writer => FieldSectionWriter.Write(writer, [document]));
        var holds = FilterEvaluation.Documents(filter, new FieldSegment(sections)).Contains(0);
        FilterEvaluation.Holds(filter, document).ShouldBe(holds);
        return holds;
    }
}
