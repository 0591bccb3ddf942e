using System.Globalization;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Splitting;
using static RagPlatform.FineTuning.Tests.Datasets.TrainingData;

namespace RagPlatform.FineTuning.Tests.Datasets;

public sealed class DatasetInspectionTests
{
    [Fact]
    public void GoodSet_HasNoFindingsAndIsSplit()
    {
        var report = Inspect(ReadLines(Labelled(200)), MethodRules.Specialist);

        report.Findings.Kept().Select(Print).ShouldBeEmpty();
        var set = report.Set.ShouldNotBeNull();
        (set.Training.Count, set.Validation.Count, set.Test.Count).ShouldBe((160, 20, 20));
        var statistics = report.Statistics;
        (statistics.Examples, statistics.TrainingExamples, statistics.ValidationExamples, statistics.TestExamples).ShouldBe((200, 160, 20, 20));
        (statistics.TokensMedian, statistics.TokensMax, statistics.Tokens).ShouldBe((10, 10, 1600), "eight words and the frame of two");
        statistics.LabelPath.ShouldBe("");
        statistics.Labels.ShouldBe([new LabelCount("label 0", 50), new LabelCount("label 1", 50), new LabelCount("label 2", 50), new LabelCount("label 3", 50)]);
    }

    [Fact]
    public void OneExample_IsTooFewAndCannotBeSplit()
    {
        var report = Inspect(Read(Chat("a", "b")), MethodRules.Decoder);

        report.Set.ShouldBeNull();
        Print(Single(report.Findings, FindingCode.TooFewExamples)).ShouldBe(
            "training:0 Error TOO_FEW_EXAMPLES [] The file has 1 distinct examples; the method decoder needs at least 10. | Add examples. Usual are 50 to 100 for a style or a format (OpenAI's fine-tuning guide), about 1,000 for an assistant (LIMA, arXiv 2305.11206).");
        Codes(report.Findings).ShouldContain("CANNOT_SPLIT");
    }

    [Fact]
    public void NoExample_IsAnErrorAndNothingElseBreaks()
    {
        var report = Inspect(Read("nonsense"), MethodRules.Decoder);

        report.Set.ShouldBeNull();
        Codes(report.Findings).ShouldBe(["NO_EXAMPLES", "INVALID_JSON"]);
    }

    [Fact]
    public void OneInputManyTimes_DoesNotCountAsManyForASpecialist()
    {
        var report = Inspect(ReadLines(Enumerable.Range(0, 100).Select(i => Chat("always the same", $"answer {i % 2}"))), MethodRules.Specialist);

        Single(report.Findings, FindingCode.TooFewExamples).Problem.ShouldBe("The file has 1 distinct inputs; the method specialist needs at least 10.");
        Single(report.Findings, FindingCode.IdenticalPrompts).Problem.ShouldBe("All 100 examples have the same input.");
        report.Findings.Counts[FindingCode.Contradiction].ShouldBe(50);
        report.Findings.Counts[FindingCode.Duplicate].ShouldBe(98);
    }

    [Fact]
    public void OneClass_IsAnError()
    {
        var report = Inspect(ReadLines(Texts(50, 1).Select(text => Chat(text, "yes"))), MethodRules.Specialist);

        report.Set.ShouldBeNull();
        Print(Single(report.Findings, FindingCode.OneClass)).ShouldBe(
            "training:0 Error ONE_CLASS [] All 50 examples have the same answer; there is nothing to tell apart. | Add examples with other answers.");
    }

    [Fact]
    public void ContradictoryLabels_NameBothLines()
    {
        var report = Inspect(ReadLines([.. Labelled(100), .. Labelled(1).Select(line => line.Replace("label 0", "label 1", StringComparison.Ordinal))]), MethodRules.Specialist);

        Print(Single(report.Findings, FindingCode.Contradiction)).ShouldBe(
            "training:101 Warning CONTRADICTION [] The same input has another answer in line 1. | Keep the right one; where both are right, the model learns one or the other by chance.");
    }

    [Fact]
    public void AnswersToTheSameQuestionUnderOtherInstructions_AreNoContradiction()
    {
        static string Line(string system, string answer) =>
            $$"""{"messages": [{"role": "system", "content": "{{system}}"}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "{{answer}}"}]}""";

        var report = Inspect(ReadLines([Line("Be short.", "Hi"), Line("Be long.", "Hello, dear friend")]), MethodRules.Decoder);

        report.Findings.Counts.Keys.ShouldNotContain(FindingCode.Contradiction);
    }

    [Fact]
    public void PassageThatAnswersAndDoesNot_IsAContradiction()
    {
        var pairs = Texts(20, 1).Select(text => Pair(text, $"about {text}")).Append(Pair("what is it", "a thing", "another")).Append(Pair("what is it", "stuff", "no", "a thing"));

        var report = Inspect(ReadLines(pairs), MethodRules.Retriever);

        Print(Single(report.Findings, FindingCode.Contradiction)).ShouldBe(
            "training:22 Warning CONTRADICTION [negatives[1]] The passage is the same query's positive in line 21. | Take it out of the negatives.");
    }

    [Fact]
    public void Duplicates_ExactAndNear_NameTheEarlierLine()
    {
        var texts = Texts(60, 1).ToList();
        var lines = texts.Select((text, i) => Chat(text, $"label {i % 2}")).Append(Chat(texts[4], "label 0")).Append(Chat(texts[5] + "!? s", "label 1"))
            .Append(Chat(texts[6].ToUpperInvariant() + "?", "label 1"));

        var report = Inspect(ReadLines(lines), MethodRules.Specialist);

        Print(Single(report.Findings, FindingCode.Duplicate)).ShouldBe(
            "training:61 Warning DUPLICATE [] The example is the same as line 5. | Take it out, unless it is meant to weigh more.");
        var near = report.Findings.Kept().Where(finding => finding.Code == FindingCode.NearDuplicate).ToList();
        near.Select(finding => finding.Line).ShouldBe([62, 63]);
        near[0].Problem.ShouldStartWith("The input is nearly that of line 6 (similarity 0.9");
        near[1].Problem.ShouldBe("The input is nearly that of line 7 (but for case, punctuation or instructions), with another label.");
        (report.Statistics.Duplicates, report.Statistics.NearDuplicates).ShouldBe((1, 2));
    }

    [Fact]
    public void Labels_RareImbalancedAndUnseen_AreNamed()
    {
        var lines = Texts(100, 1).Select((text, i) => Chat(text, i < 90 ? "refund" : i < 99 ? "card lost" : "card lots"));
        var validation = ReadLines(Texts(20, 2).Select((text, i) => Chat(text, i == 3 ? "refunds" : "refund")), "validation");

        var report = Inspect(ReadLines(lines), MethodRules.Specialist, validation);

        Print(Single(report.Findings, FindingCode.RareLabel)).ShouldBe(
            "training:100 Warning RARE_LABEL [] The label \"card lots\" has 1 example, here first; fewer than 8 are seldom learnt. | Add examples of it, join it with another label, or mend its spelling. Did you mean card lost?");
        Print(Single(report.Findings, FindingCode.ImbalancedLabels)).ShouldBe(
            "training:0 Warning IMBALANCED_LABELS [] The label \"refund\" has 90 examples, the label in the middle 9. | Add examples of the others, or weigh the classes in training.");
        Print(Single(report.Findings, FindingCode.UnseenLabel)).ShouldBe(
            "validation:4 Warning UNSEEN_LABEL [] The label \"refunds\" is not in the training file. | Add examples of it to the training file, or mend its spelling. Did you mean refund?");
    }

    [Fact]
    public void JsonAnswers_ThatDiffer_AreNamedByPath()
    {
        static string Json(int i) => i switch
        {
            7 => """{"intnet": "a", "slots": []}""",
            8 => """{"intent": "a", "slots": [{"name": "x", "value": 3}]}""",
            9 => "sorry, I cannot",
            _ => $$"""{"intent": "{{(i % 2 == 0 ? "a" : "b")}}", "slots": [{"name": "x", "value": "y"}]}""",
        };

        var report = Inspect(ReadLines(Texts(200, 1).Select((text, i) => Chat(text, Json(i)))), MethodRules.Specialist);

        report.Statistics.LabelPath.ShouldBe("intent");
        report.Findings.Kept().Select(Print).ShouldBe(
        [
            "training:8 Warning RARE_KEY [messages: intnet] The key is in 1 of 199 objects, here first. | Mend its spelling, add examples with it, or take it out. Did you mean intent?",
            "training:9 Warning TYPE_CHANGE [messages: slots[].value] The value is a number in 1 answers, here first, and a string in 197. | Write it as a string everywhere.",
            "training:10 Warning OUTPUT_NOT_JSON [messages] The answer is not a JSON object; nearly all others are. | Write it as JSON like the others, unless it is a refusal: from these a specialist learns what is out of scope.",
        ]);
    }

    [Fact]
    public void TooLongExamples_AreCutOrRefused()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 300));
        var lines = Labelled(60).Append(Chat(words, "x")).Append(Chat("short", words));

        var decoder = Inspect(ReadLines(lines), MethodRules.Decoder);
        var specialist = Inspect(ReadLines(lines), MethodRules.Specialist);

        Print(Single(decoder.Findings, FindingCode.PromptTooLong)).ShouldBe(
            "training:61 Warning PROMPT_TOO_LONG [messages] 304 tokens come before the first answer that is learnt; the model reads 256, so nothing of it is learnt. | Shorten what comes before the answer, or choose a longer context.");
        Print(Single(decoder.Findings, FindingCode.ExampleTooLong)).ShouldBe(
            "training:62 Warning EXAMPLE_TOO_LONG [] The conversation has 309 tokens; the model reads 256, and whether it is cut, left out or refused is the trainer's setting. | Shorten it or cut it into several examples.");
        Single(specialist.Findings, FindingCode.ExampleTooLong).Line.ShouldBe(61);
        specialist.Findings.Counts.Keys.ShouldNotContain(FindingCode.PromptTooLong);
    }

    [Fact]
    public void ExamplesOfWhichNoneFits_AreAnError()
    {
        var report = Inspect(ReadLines(Labelled(60)), MethodRules.Decoder, maxTokens: 10);

        report.Set.ShouldBeNull();
        Print(Single(report.Findings, FindingCode.NothingToLearn)).ShouldBe(
            "training:0 Error NOTHING_TO_LEARN [messages] In every example the first answer lies beyond the 10 tokens that the model reads. | Shorten what comes before the answers, or choose a longer context.");
    }

    [Fact]
    public void Leakage_BetweenFiles_IsFoundByInput()
    {
        var texts = Texts(100, 1).ToList();
        var training = ReadLines(texts.Select((text, i) => Chat(text, $"label {i % 2}")));
        var validation = ReadLines([.. Texts(20, 2).Select(text => Chat(text, "label 1")), Chat(texts[10].ToUpperInvariant() + ".", "label 1")], "validation");
        var test = ReadLines([.. Texts(20, 3).Select(text => Chat(text, "label 0")), Chat(texts[20] + "s", "label 0"), Chat(texts[10], "label 1")], "test");

        var report = Inspect(training, MethodRules.Specialist, validation, test);

        report.Findings.Kept().Where(finding => finding.Code == FindingCode.Leakage).Select(Print).ShouldBe(
        [
            "validation:21 Warning LEAKAGE [] The input is also in line 11 of the training file. | Take it out of one of them: results on the validation file are too good by it.",
            "test:22 Warning LEAKAGE [] The input is also in line 11 of the training file. | Take it out of one of them: results on the test file are too good by it.",
        ]);
        var near = Single(report.Findings, FindingCode.NearLeakage);
        (near.File, near.Line).ShouldBe(("test", 21));
        near.Problem.ShouldStartWith("The input is nearly that of line 21 of the training file (similarity 0.9");
        report.Leakage.ShouldBe(new LeakageCounts(1, 0, 1, 1));
        report.Set.ShouldNotBeNull().Training.Count.ShouldBe(100, "given files leave the training file whole");
    }

    [Fact]
    public void UnsuitableFormat_IsAnError()
    {
        var pairs = Inspect(ReadLines(Texts(30, 1).Select(text => Pair(text, $"re {text}"))), MethodRules.Specialist);
        var chats = Inspect(ReadLines(Labelled(30)), MethodRules.Reranker);

        Single(pairs.Findings, FindingCode.FormatUnsuitable).Problem.ShouldBe("The file has queries with passages; the method specialist learns from conversations.");
        Single(chats.Findings, FindingCode.FormatUnsuitable).Problem.ShouldBe("The file has conversations; the method reranker learns from queries with passages.");
    }

    [Fact]
    public void FewExamples_AreAWarning()
    {
        var report = Inspect(ReadLines(Labelled(40)), MethodRules.Specialist);

        Single(report.Findings, FindingCode.FewExamples).Problem.ShouldBe("The file has 40 distinct inputs; fewer than 50 seldom suffice for the method specialist.");
        report.Set.ShouldNotBeNull();
    }

    [Fact]
    public void Secrets_AreFoundAndNeverPrinted()
    {
        var secret = "sk-" + string.Concat(Enumerable.Repeat("a1B2", 10));

        var report = Inspect(ReadLines([.. Labelled(60), Chat($"my key is {secret}", "label 1")]), MethodRules.Decoder);

        Print(Single(report.Findings, FindingCode.Secret)).ShouldBe(
            "training:61 Warning SECRET [messages[0].content] What looks like an API key stands at character 11 (43 characters). | Take it out and make it invalid: whoever has the model or the file has it.");
        report.Findings.Kept().ShouldAllBe(finding => !Print(finding).Contains("a1B2"));
    }

    [Fact]
    public void Secret_AsALabel_IsNotPrintedEither()
    {
        var secret = "sk-" + string.Concat(Enumerable.Repeat("a1B2", 6));

        var report = Inspect(ReadLines([.. Labelled(60), Chat("what is the key", secret)]), MethodRules.Specialist);

        Single(report.Findings, FindingCode.RareLabel).Problem.ShouldBe("The label \"(not shown)\" has 1 example, here first; fewer than 8 are seldom learnt.");
        report.Findings.Kept().Where(finding => Print(finding).Contains("a1B2")).ShouldBeEmpty();
    }

    [Fact]
    public void ManyExamples_TakeSecondsEvenWhenHalfAreAlike()
    {
        var alike = "please tell me what is the state of my order with the number ";
        var lines = Enumerable.Range(0, 15_000).Select(i => Chat(alike + i.ToString("D6", CultureInfo.InvariantCulture), $"label {i % 3}"))
            .Concat(Texts(15_000, 1).Select((text, i) => Chat(text, $"label {i % 3}")));
        var file = ReadLines(lines);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var report = Inspect(file, MethodRules.Specialist);

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), "generous: it takes about one second of a processor; comparing all with all would take hours");
        report.Statistics.NearDuplicates.ShouldBeInRange(14_000, 15_000);
        report.Set.ShouldNotBeNull().Test.ShouldAllBe(example => !((ChatExample)example).Messages[0].Content.StartsWith(alike));
    }

    private static IEnumerable<string> Labelled(int count) => Texts(count, 7).Select((text, i) => Chat(text, $"label {i % 4}"));
}
