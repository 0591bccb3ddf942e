using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuning.Datasets;

namespace RagPlatform.FineTuneJobs.Tests.Serving;

public sealed class ServedEvaluationTests
{
    [Fact]
    public void Evaluate_JsonAnswers_AreJudgedByValueAndLabel()
    {
        // One in four is wrong in its intent, one in four in a slot; key order and spaces do not count.
        var row = Evaluate(
            [.. Enumerable.Range(0, 40).Select(line => ($"text {line}", $$"""{"intent":"{{(line % 2 == 0 ? "play" : "book")}}","song":"song {{line}}"}"""))],
            (text, expected) => int.Parse(text[5..], System.Globalization.CultureInfo.InvariantCulture) is var line && line % 4 == 0 ? expected.Replace("play", "book", StringComparison.Ordinal)
                : line % 4 == 1 ? expected.Replace("song ", "tune ", StringComparison.Ordinal)
                : $$"""{ "song": "song {{line}}", "intent": "{{(line % 2 == 0 ? "play" : "book")}}" }""");

        row.ShouldSatisfyAllConditions(
            () => row["exact_match"].ShouldBe(0.5), () => row["accuracy"].ShouldBe(0.75), () => row["schema_validity"].ShouldBe(1), () => row["examples"].ShouldBe(40),
            () => row["ece"].ShouldBe(0.4, 1e-9));
    }

    [Fact]
    public void Evaluate_PlainLabels_AreTheAnswersThemselves() =>
        Evaluate([.. Enumerable.Range(0, 30).Select(line => ($"text {line}", line % 3 == 0 ? "card" : "loan"))], (_, _) => "loan")["accuracy"].ShouldBe(2.0 / 3, 1e-9);

    [Fact]
    public void Evaluate_PlainLabelsAsJsonTexts_AreRecognised() =>
        Evaluate([.. Enumerable.Range(0, 30).Select(line => ($"text {line}", line % 3 == 0 ? "card" : "loan"))], (_, expected) => $"\"{expected}\"")["exact_match"].ShouldBe(1);

    [Fact]
    public void Evaluate_RefusalsAmongJson_AreJudgedApart()
    {
        var row = Evaluate(
            [.. Enumerable.Range(0, 40).Select(line => ($"text {line}", line % 4 == 0 ? "That is not what I am for." : $$"""{"intent":"{{line % 3}}"}"""))], (_, expected) => expected);

        row.ShouldSatisfyAllConditions(() => row["refusal_kept"].ShouldBe(0, "the model says of nothing that it is out of scope"), () => row["exact_match"].ShouldBe(1), () => row["accuracy"].ShouldBe(1));
    }

    [Fact]
    public void Evaluate_FreeText_HasNoLabel() =>
        Evaluate([.. Enumerable.Range(0, 30).Select(line => ($"text {line}", $"answer {line}"))], (_, expected) => expected).Keys.ShouldNotContain("accuracy");

    [Fact]
    public void Evaluate_AnswersThatAreNoJson_AreNoValidOnes() =>
        Evaluate([("a", """{"x":"1"}"""), ("b", """{"x":"2"}""")], (_, _) => "{broken")["schema_validity"].ShouldBe(0);

    [Fact]
    public void Evaluate_NoPairs_IsNothing() =>
        ServedEvaluation.Evaluate(new Model(new Dictionary<string, string>(), (_, _) => ""), [new PairExample(1, "", "q", "p", [])], CancellationToken.None).ShouldBeNull();

    private static IReadOnlyDictionary<string, double> Evaluate(List<(string Text, string Answer)> pairs, Func<string, string, string> answer) =>
        ServedEvaluation.Evaluate(
            new Model(pairs.ToDictionary(pair => pair.Text, pair => pair.Answer), answer),
            [.. pairs.Select((pair, line) => new ChatExample(line + 1, "", [new ChatTurn("user", pair.Text, null, 1), new ChatTurn("assistant", pair.Answer, null, 1)], null))],
            CancellationToken.None)!.Metrics;

    private sealed class Model(IReadOnlyDictionary<string, string> expected, Func<string, string, string> answer) : IServedModel
    {
        public IReadOnlyList<ServedPrediction> Predict(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) =>
            [.. texts.Select(text => new ServedPrediction(answer(text, expected[text]), 0.9, 0, false, new Dictionary<string, double>()))];

        public IReadOnlyList<ServedPrediction>? PredictWithout(IReadOnlyList<string> texts, int maxTokens, CancellationToken cancellationToken) => null;

        public void Dispose()
        {
            // Nothing to free.
        }
    }
}
