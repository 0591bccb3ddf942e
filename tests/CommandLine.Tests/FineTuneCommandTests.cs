using RagPlatform.CommandLine.FineTuning;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.CommandLine.Tests;

public sealed class FineTuneCommandTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    private const string Examples = """{"prompt":"a","completion":"b"}""";

    [Fact]
    public async Task Validate_OfAFileWithErrors_PrintsThemByLineAndFails()
    {
        await File.WriteAllTextAsync(Path.Combine(rag.Folder.Path, "bad.jsonl"), Examples);
        rag.FineTuning.Validation = new ValidateDatasetResponse
        {
            Errors = 1,
            Findings =
            {
                new DatasetFinding
                {
                    Severity = DatasetFinding.Types.Severity.Error, Code = "INVALID_JSON", File = "training", Line = 7, Field = "messages", Problem = "it ends too early.", Remedy = "Close it.",
                },
            },
            Statistics = new DatasetStatistics { Examples = 12, TrainingExamples = 10, TestExamples = 2, Labels = { new LabelCount { Field = "intent", Label = "refund", Examples = 5 } } },
            Schema = new InferredSchema { Fields = { new InferredField { Name = "intent", Kind = "label", Values = { "refund", "card" } } }, NotLearnable = { "note: free text" } },
        };

        var ran = await rag.RunAsync("finetune", "validate", "bad.jsonl", "--method", "specialist");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Out.ShouldContain("error training:7 INVALID_JSON messages: it ends too early. Close it.");
        ran.Out.ShouldContain("intent as label: refund, card");
        ran.Out.ShouldContain("note: free text");
        rag.FineTuning.Calls.ShouldContain($"validate {FakeFineTuning.Dataset} Specialist");
        rag.FineTuning.Uploads.ShouldContain(upload => System.Text.Encoding.UTF8.GetString(upload) == Examples);
    }

    [Fact]
    public async Task Train_ShowsTheJobToItsEndAndWritesTheReport()
    {
        await File.WriteAllTextAsync(Path.Combine(rag.Folder.Path, "good.jsonl"), Examples);

        var ran = await rag.RunAsync("finetune", "train", "good.jsonl", "--name", "tickets", "--set", "learning_rate=1e-4", "--seed", "7", "--html", "report.html");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        var spec = rag.FineTuning.Jobs.Last(job => job.Suffix == "tickets");
        (spec.Seed, spec.HyperParameters["learning_rate"], spec.Data.TrainingDataset).ShouldBe((7ul, "1e-4", FakeFineTuning.Dataset));
        ran.Out.ShouldContain("default/tickets:1");
        ran.Out.ShouldContain("0.93");
        var report = await File.ReadAllTextAsync(Path.Combine(rag.Folder.Path, "report.html"));
        report.ShouldContain("<svg");
        report.ShouldContain("min macro f1");
        report.ShouldContain("learning_rate");
    }

    [Fact]
    public async Task Train_WithASettingThatIsNone_IsAMistakeOfUse()
    {
        await File.WriteAllTextAsync(Path.Combine(rag.Folder.Path, "use.jsonl"), Examples);

        var ran = await rag.RunAsync("finetune", "train", "use.jsonl", "--set", "learning_rate");

        (ran.ExitCode, ran.Err.Contains("--set learning_rate=1e-4", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true));
    }

    [Fact]
    public async Task Train_WithAReportThatCannotBeWritten_SaysSoBeforeItSendsAnything()
    {
        await File.WriteAllTextAsync(Path.Combine(rag.Folder.Path, "unsent.jsonl"), """{"prompt":"unsent","completion":"b"}""");

        var ran = await rag.RunAsync("finetune", "train", "unsent.jsonl", "--html", "nowhere/report.html");

        (ran.ExitCode, ran.Err.Contains("no folder for nowhere/report.html", StringComparison.Ordinal)).ShouldBe((ExitCode.Usage, true));
        rag.FineTuning.Uploads.ShouldNotContain(upload => System.Text.Encoding.UTF8.GetString(upload).Contains("unsent"));
    }

    [Fact]
    public async Task Adapters_OfOneThatMayNotServe_NamesTheChecksAndWhatToDo()
    {
        var ran = await rag.RunAsync("finetune", "adapters", FakeFineTuning.RefusedAdapter);

        ran.Err.ShouldContain("It may not serve: min_macro_f1.");
        ran.Err.ShouldContain("finetune gate --set");
    }

    [Fact]
    public async Task Predict_OfATextOutOfScope_SaysSoBesideTheAnswers()
    {
        var ran = await rag.RunAsync("finetune", "predict", "default/tickets", "my card", "where is the dipstick");

        ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        ran.Err.ShouldContain("1 text of 2 out of scope");
    }

    [Fact]
    public async Task Train_OfWhatIsNoFileAndNoDataset_SaysSo()
    {
        var ran = await rag.RunAsync("finetune", "train", "nowhere.jsonl");

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain("there is no file nowhere.jsonl");
    }

    [Fact]
    public async Task Watch_ThatIsCutOff_GoesOnWhereItWas()
    {
        rag.FineTuning.CutsOff = true;

        var ran = await rag.RunAsync("finetune", "watch", FakeFineTuning.JobId, "--json");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        ran.Json.GetProperty("state").GetString().ShouldBe("JOB_STATE_SUCCEEDED");
        rag.FineTuning.Calls.ShouldContain("watch after 1");
    }

    [Fact]
    public async Task Watch_OfAJobThatFails_SaysWhyAndFails()
    {
        rag.FineTuning.Failure = new JobFailure { Code = "DIVERGED", Problem = "The loss is not a number at step 3.", Remedy = "Lower learning_rate." };
        try
        {
            var ran = await rag.RunAsync("finetune", "watch", FakeFineTuning.JobId);

            ran.ExitCode.ShouldBe(ExitCode.Failed);
            ran.Err.ShouldContain("DIVERGED: The loss is not a number at step 3.");
            ran.Err.ShouldContain("Lower learning_rate.");
        }
        finally
        {
            rag.FineTuning.Failure = null;
        }
    }

    [Fact]
    public async Task Jobs_OfAState_AreAskedFor()
    {
        var ran = await rag.RunAsync("finetune", "jobs", "--state", "validating_files");

        ran.Out.ShouldContain(FakeFineTuning.JobId);
        rag.FineTuning.Calls.ShouldContain("list ValidatingFiles");
    }

    [Fact]
    public async Task Cancel_Promote_AndDrift_SayWhatTheyDid()
    {
        (await rag.RunAsync("finetune", "cancel", FakeFineTuning.JobId)).Out.ShouldContain("cancelled");
        (await rag.RunAsync("finetune", "promote", "default/tickets:1", "--reason", "better")).Out.ShouldContain("default/tickets is served by version 1");
        var drift = await rag.RunAsync("finetune", "drift", "default/tickets");

        rag.FineTuning.Calls.ShouldContain("promote default/tickets:1 better");
        drift.ExitCode.ShouldBe(ExitCode.Failed);
        drift.Out.ShouldContain("to label: what is this");
    }

    [Fact]
    public async Task Predict_OfStandardInput_IsALineOfJsonForEach()
    {
        rag.Input = "one\nthree\n";
        try
        {
            (await rag.RunAsync("finetune", "predict", "default/tickets")).Lines.ShouldBe(["{\"length\":3}", "{\"length\":5}"]);
        }
        finally
        {
            rag.Input = "";
        }
    }

    [Fact]
    public void LossCurve_OfAFallingLoss_FallsFromTheFirstLineToTheLast()
    {
        var lines = LossCurve.Draw([.. Enumerable.Range(0, 80).Select(step => ((long)step, 80.0 - step))], width: 10, height: 4);

        lines.Count.ShouldBe(4);
        lines[0][9].ShouldNotBe('\u2800', "the highest is at the left of the first line");
        lines[0][^1].ShouldBe('\u2800');
        lines[^1][^1].ShouldNotBe('\u2800', "the lowest is at the right of the last line");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void LossCurve_OfLessThanTwoPoints_IsNone(int points) =>
        LossCurve.Draw([.. Enumerable.Range(0, points).Select(step => ((long)step, 1.0))], width: 10, height: 4).ShouldBeEmpty();

    [Fact]
    public void LossCurve_OfOneValue_IsALine() =>
        LossCurve.Draw([(1, 0.5), (2, 0.5), (3, 0.5)], width: 6, height: 3).ShouldNotBeEmpty();
}
