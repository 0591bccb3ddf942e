using System.Text.Json;

namespace RagPlatform.Metrics.Tests;

public sealed class JsonExactMatchTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null]}""", """{ "b": [true, null], "a": 1.0 }""", true)]
    [InlineData("""{"a":"é"}""", """{"a":"\u00e9"}""", true)]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("0.1", "1e-1", true)]
    [InlineData("{}", "", false)]
    [InlineData("{}", "{} and more", false)]
    [InlineData("{}", "{", false)]
    [InlineData("\"a\"", "\"\\ud800\"", false)]
    [InlineData("\"a\"", "\"\ud800\"", false)]
    public void IsMatch_TwoTexts_ComparesValues(string expected, string predicted, bool isMatch) =>
        JsonExactMatch.IsMatch(expected, predicted).ShouldBe(isMatch);

    [Fact]
    public void IsMatch_DeepNesting_IsNoMatchAndNoCrash() =>
        JsonExactMatch.IsMatch("[]", new string('[', 100_000)).ShouldBeFalse();

    [Fact]
    public void IsMatch_ExpectedIsNoJson_IsRefused() => Should.Throw<JsonException>(() => JsonExactMatch.IsMatch("yes", "{}"));
}
