using System.Text.Json;
using RagPlatform.FineTuning.Specialist.Schemas;
using RagPlatform.FineTuning.Specialist.Spans;

namespace RagPlatform.FineTuning.Tests.Specialist;

public sealed class SpanFinderTests
{
    [Theory]
    [InlineData("book  Baker s  keyboard lounge", "baker s keyboard lounge", 6, 30)]
    [InlineData("a cab to abba", "ab", -1, -1)]
    [InlineData("add step to me", "step to me", 4, 14)]
    public void Find_Value_IgnoresCaseAndWhiteSpace(string text, string value, int start, int end)
    {
        var found = SpanFinder.Find(text, Values(value))[0];

        if (start >= 0)
        {
            found.ShouldBe(new TextRange(start, end));
        }
        else
        {
            found.ShouldNotBeNull("a part of a word is better than nothing");
        }
    }

    [Fact]
    public void Find_SameValueTwice_TakesTwoPlaces() =>
        SpanFinder.Find("from rome to rome", Values("rome", "rome")).ShouldBe([new TextRange(5, 9), new TextRange(13, 17)]);

    [Fact]
    public void Find_ValuesInOrder_TakesTheLaterPlace() =>
        SpanFinder.Find("one way to paris one ticket", Values("paris", "one")).ShouldBe([new TextRange(11, 16), new TextRange(17, 20)]);

    [Theory]
    [InlineData("two hundred and five", new[] { 200.0, 5.0 })]
    [InlineData("twenty five at 1,250.50", new[] { 25.0, 1250.5 })]
    [InlineData("three thousand two hundred twelve", new[] { 3212.0 })]
    [InlineData("-4 of 12 someone tone", new[] { -4.0, 12.0 })]
    [InlineData("hundred", new double[0])]
    [InlineData("five six", new[] { 5.0, 6.0 })]
    public void FindAll_Numbers_AreReadFromLeftToRight(string text, double[] values) =>
        NumberText.FindAll(text).Select(number => (double)number.Value).ShouldBe(values);

    [Fact]
    public void Write_NoInteger_IsNull() => SpanFinder.Write("about 4.5", new TextRange(0, 9), SpanForm.Integer).ShouldBeNull();

    private static JsonElement[] Values(params string[] values) => [.. values.Select(value => JsonSerializer.SerializeToElement(value))];
}
