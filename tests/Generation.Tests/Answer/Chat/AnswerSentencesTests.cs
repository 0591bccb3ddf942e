using RagPlatform.Generation.Features.Answer.Chat;

namespace RagPlatform.Generation.Tests.Answer.Chat;

public sealed class AnswerSentencesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Append_SentenceThatDoesNotEndInTime_IsGivenUpToItsEndAndCountedOnce(int times)
    {
        var sentences = new AnswerSentences();
        var taken = new List<string>();
        for (var i = 0; i < times; i++)
        {
            taken.AddRange(sentences.Append("It is not so that " + new string('a', AnswerSentences.MaxSentenceCharacters)).Select(sentence => sentence.Text));
        }

        taken.AddRange(sentences.Append(" the limit is 25 MB. [1: \"The limit is 25 MB\"] The next one is whole. The last").Select(sentence => sentence.Text));
        taken.AddRange(sentences.Complete().Select(sentence => sentence.Text));

        taken.ShouldBe(["The next one is whole.", "The last"]);
        sentences.GivenUp.ShouldBe(1);
    }
}
