namespace RagPlatform.Client.Tests.Filters;

public sealed class FilterParserTests
{
    [Theory]
    [InlineData("year >= 2020", "year >= 2020")]
    [InlineData("year>=2020 and x=1", "year >= 2020 and x = 1")]
    [InlineData("a = 1 and b = 2 or c = 3", "(a = 1 and b = 2) or c = 3")]
    [InlineData("a = 1 and (b = 2 or c = 3)", "a = 1 and (b = 2 or c = 3)")]
    [InlineData("((a = 1))", "a = 1")]
    [InlineData("not a exists and b exists", "not a exists and b exists")]
    [InlineData("not (a exists and b exists)", "not (a exists and b exists)")]
    [InlineData("NOT a EXISTS OR b In (1,'x', 2020-01-31)", "not a exists or b in (1, \"x\", 2020-01-31)")]
    [InlineData("lang = de", "lang = \"de\"")]
    [InlineData("lang != 'de'", "not lang = \"de\"")]
    [InlineData("year = \"2020\"", "year = \"2020\"")]
    [InlineData("x < -1.5e3", "x < -1500")]
    [InlineData("x = 1.2.3", "x = \"1.2.3\"")]
    [InlineData("x = NaN", "x = \"NaN\"")]
    [InlineData("x = 1e999", "x = \"1e999\"")]
    [InlineData("at > 2020-01-31", "at > 2020-01-31")]
    [InlineData("at > 2020-01-31T12:30", "at > 2020-01-31T12:30:00Z")]
    [InlineData("at > 2020-01-31T00:30:00.25+02:00", "at > 2020-01-30T22:30:00.25Z")]
    [InlineData("at = 2020-02-30", "at = \"2020-02-30\"")]
    [InlineData("\"my field\" = 1 and \"not\" exists", "\"my field\" = 1 and \"not\" exists")]
    [InlineData("x = \"say \\\"hi\\\" \\\\ there\"", "x = \"say \\\"hi\\\" \\\\ there\"")]
    [InlineData("uri = file:///a/b@c.md", "uri = \"file:///a/b@c.md\"")]
    [InlineData("x = \"\"", "x = \"\"")]
    public void Text_IsReadAsItIsMeant(string text, string written) => Filter.Parse(text).ToString().ShouldBe(written);

    [Theory]
    [InlineData("", 1, "the filter ends where it needs a field")]
    [InlineData("   ", 4, "the filter ends where it needs a field")]
    [InlineData("year", 5, "=, !=, <, <=, >, >=, in or exists after 'year'")]
    [InlineData("year >=", 8, "a value: a number, a date or a text")]
    [InlineData("year >= and", 9, "'and' stands where it needs a value")]
    [InlineData("year 2020", 6, "'2020' stands where it needs =, !=")]
    [InlineData("year = 2020 lang = de", 13, "'lang' stands where it needs the end, and, or or")]
    [InlineData("(year = 2020", 13, "ends where it needs )")]
    [InlineData("year = 2020)", 12, "')' stands where it needs the end")]
    [InlineData("year in 2020", 9, "'2020' stands where it needs (")]
    [InlineData("year in ()", 10, "')' stands where it needs a value")]
    [InlineData("year in (1,)", 12, "')' stands where it needs a value")]
    [InlineData("year>=2020and x=1", 7, "'2020and' is a text")]
    [InlineData("lang > de", 8, "> compares numbers and dates, and 'de' is a text")]
    [InlineData("lang > \"2020\"", 8, "and '2020' is a text")]
    [InlineData("x = 'open", 5, "has no end; close it with '")]
    [InlineData("x = 'open\\'", 5, "has no end")]
    [InlineData("x == 1", 4, "'=' stands where it needs a value")]
    [InlineData("x & 1", 3, "'&' has no meaning here")]
    [InlineData("x ! 1", 3, "'!' has no meaning here")]
    [InlineData("\"\" = 1", 1, "'' stands where it needs a field")]
    [InlineData("exists", 1, "'exists' stands where it needs a field")]
    [InlineData("a exists and", 13, "the filter ends where it needs a field")]
    public void Mistake_IsNamedWithItsPosition(string text, int position, string named)
    {
        var mistake = Should.Throw<FilterSyntaxException>(() => Filter.Parse(text));

        mistake.Position.ShouldBe(position);
        mistake.Problem.ShouldContain(named);
        mistake.Message.ShouldBe($"Character {position}: {mistake.Problem}");
    }

    [Theory]
    [InlineData("(")]
    [InlineData("not ")]
    public void Nesting_WithoutEnd_IsRefusedBeforeTheStackIs(string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, 4000));

        Should.Throw<FilterSyntaxException>(() => Filter.Parse(text)).Problem.ShouldContain("64 deep");
    }

    [Fact]
    public void Text_LongerThanTheLimit_IsRefused() =>
        Should.Throw<FilterSyntaxException>(() => Filter.Parse("x = '" + new string('a', 20_000) + "'")).Problem.ShouldContain("16384");

    [Fact]
    public void Filters_OfNothing_CannotBeMade()
    {
        Should.Throw<ArgumentException>(() => new Filter.All([]));
        Should.Throw<ArgumentException>(() => new Filter.Any([]));
        Should.Throw<ArgumentException>(() => Filter.Where("x").In());
    }
}
