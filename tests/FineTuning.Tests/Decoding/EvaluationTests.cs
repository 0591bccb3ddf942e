using RagPlatform.FineTuning.Decoding.Evaluation;

namespace RagPlatform.FineTuning.Tests.Decoding;

public sealed class EvaluationTests
{
    [Theory]
    [InlineData("I'm sorry, but I can't help with that.", true)]
    [InlineData("I’m sorry, I do not know.", true)]
    [InlineData("Thanks for asking. I cannot share that.", true)]
    [InlineData("As an AI, I have no opinion.", true)]
    [InlineData("I apologize, I'm unable to answer.", true)]
    [InlineData("The cat is on the mat.", false)]
    [InlineData("Yes. It works. Later I said that I cannot do it.", false)]
    [InlineData("", false)]
    public void IsRefusal_GoesByHowItBegins(string answer, bool expected) => Refusals.IsRefusal(answer).ShouldBe(expected);

    [Fact]
    public void AnswerShape_AcceptsWhatTheAnswersHaveInCommon()
    {
        var shape = AnswerShape.Of(["""{"a": 1, "b": ["x"], "c": {"d": true}}""", """{"a": 2.5, "b": [], "e": null, "c": {"d": false}}"""])!;
        shape.Accepts("""{"c": {"d": true}, "b": ["y", "z"], "a": 7}""").ShouldBeTrue();
        shape.Accepts("""{"a": 1, "b": [], "c": {"d": true}, "e": null}""").ShouldBeTrue();
        shape.Accepts("""{"a": 1, "b": []}""").ShouldBeFalse();
        shape.Accepts("""{"a": "1", "b": [], "c": {"d": true}}""").ShouldBeFalse();
        shape.Accepts("""{"a": 1, "b": [1], "c": {"d": true}}""").ShouldBeFalse();
        shape.Accepts("""{"a": 1, "b": [], "c": {"d": true}, "f": 1}""").ShouldBeFalse();
        shape.Accepts("Sure! {\"a\": 1}").ShouldBeFalse();
        AnswerShape.Of(["{}", "Hello"]).ShouldBeNull();
        AnswerShape.Of([]).ShouldBeNull();
    }
}
