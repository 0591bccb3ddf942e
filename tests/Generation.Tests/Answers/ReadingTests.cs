using RagPlatform.Answers;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Generation.Tests.Answers;

public sealed class ReadingTests
{
    private const string Text = "The pump runs at night. It is blue. Start the pump like this:\n\n```\npump --start\npump --status\n```\n";

    private static readonly TextAnalyzer Analyzer = new(new AnalyzerOptions());

    [Fact]
    public void Candidates_OverlappingPassagesOfOneDocument_ReadWhatTheyShareOnce()
    {
        var first = new Passage("d", Text[..35], 0, [], 0.5);
        var second = new Passage("d", Text[24..], 24, [], 0.4);

        var reading = Read("Is it blue?", first, second);

        reading.Candidates.Count(candidate => candidate.Text == "It is blue.").ShouldBe(1);
    }

    [Fact]
    public void Candidates_TooMany_KeepsThoseNearestTheQuestionAndTheirIntroductions()
    {
        var filler = string.Concat(Enumerable.Range(0, 40).Select(i => $"Filler number {i} says nothing. "));
        var reading = new Reading("How do I check the status?", [new Passage("d", filler + Text, 0, [], 0.5)], Analyzer, new AnswerOptions { MaxCandidates = 8 });

        reading.Candidates.Count.ShouldBe(8);
        var command = reading.Candidates.Single(candidate => candidate.Text == "pump --status");
        reading.Candidates[command.Lead].Text.ShouldBe("Start the pump like this:");
    }

    [Theory]
    [InlineData("```\nrag ask \"Who won the 1966 World Cup?\"\n```\n")]
    [InlineData("Ask it who won the\n1966 world cup.")]
    public void Candidates_ThatOnlyRepeatTheQuestion_AreLeftOut(string echo)
    {
        var reading = Read("Who won the 1966 World Cup?", new Passage("d", $"{echo}\n\nIt abstains.\n", 0, [], 0.5));

        reading.Candidates.ShouldNotContain(candidate => candidate.Text.Contains("won the", StringComparison.Ordinal));
        reading.Weigh([.. reading.Candidates.Select(_ => 0.5)]).ShouldAllBe(features => features.PassageCoverage == 0);
    }

    [Theory]
    [InlineData("Comment lancer les tests ?", "Il demande : « Comment lancer les tests ? »")]
    [InlineData("max upload size", "- max upload size")]
    [InlineData("is it blue today", "rag ask \"Is it blue today?\"")]
    public void Candidates_ThatOnlyRepeatTheQuestion_AreLeftOut_HoweverItIsWritten(string question, string echo) =>
        Read(question, new Passage("d", echo, 0, [], 0.5)).Candidates.ShouldBeEmpty();

    [Theory]
    [InlineData("Who won the 1966 World Cup?", "You ask who won the 1966 World Cup: England did, at home.")]
    [InlineData("How do I start it?", "- How do I start it? `pump --start`")]
    [InlineData("max upload size", "| max upload size | 64 MB |")]
    [InlineData("max upload size?", "```\n\"max upload size\": 64\n```")]
    [InlineData("capital of France", "Paris is the capital of France.")]
    [InlineData("rag models pull", "Run `rag models pull` first.")]
    public void Candidates_ThatRepeatTheQuestionAndAnswerIt_AreKept(string question, string text) =>
        Read(question, new Passage("d", text, 0, [], 0.5)).Candidates.ShouldHaveSingleItem();

    [Fact]
    public void Select_Command_ComesWithTheSentenceThatIntroducesItInOrder()
    {
        var reading = Read("How do I start it?", new Passage("d", Text, 0, [], 0.5));

        var extract = reading.Select([.. reading.Candidates.Select(candidate => candidate.Text == "pump --start" ? 0.9 : 0.1)]);

        extract.Units.Select(unit => unit.Text).ShouldBe(["Start the pump like this:", "pump --start"]);
        extract.Evidence.ShouldBe(0.9);
    }

    [Fact]
    public void Select_SentencesThatSayTheSame_QuotesOne()
    {
        var reading = Read(
            "When does the pump run?",
            new Passage("a", "The pump runs at night.", 0, [], 0.5),
            new Passage("b", "At night the pump runs.", 0, [], 0.4));

        reading.Select([0.8, 0.8]).Units.ShouldHaveSingleItem().PassageIndex.ShouldBe(0);
    }

    [Fact]
    public void Select_PassageWithTheBestUnit_ComesFirst()
    {
        var reading = Read(
            "What is it?",
            new Passage("a", "First fact here.", 0, [], 0.5),
            new Passage("b", "Another statement there.", 0, [], 0.4));

        reading.Select([0.7, 0.9]).Units.Select(unit => unit.PassageIndex).ShouldBe([1, 0]);
    }

    [Fact]
    public void Select_NothingToRead_HasNoUnitsAndNoEvidence()
    {
        var extract = Read("Anything?", new Passage("a", "# Heading only\n\n---\n", 0, [], 0.5)).Select([]);

        extract.Units.ShouldBeEmpty();
        extract.Evidence.ShouldBe(0);
    }

    [Fact]
    public void Evidence_OfAnyFeatures_IsAProbability()
    {
        foreach (var value in (double[])[-1, 0, 1])
        {
            new EvidenceFeatures(value, Math.Abs(value), Math.Abs(value), value, (int)value, IsCommand: true).Evidence(EvidenceWeights.Default).ShouldBeInRange(0, 1);
        }
    }

    [Fact]
    public void Weigh_WrongNumberOfSimilarities_IsRefused()
    {
        var reading = Read("Is it blue?", new Passage("d", Text, 0, [], 0.5));

        Should.Throw<ArgumentException>(() => reading.Weigh([0.5])).Message.ShouldContain("1 similarities");
    }

    private static Reading Read(string question, params Passage[] passages) => new(question, passages, Analyzer, new AnswerOptions());
}
