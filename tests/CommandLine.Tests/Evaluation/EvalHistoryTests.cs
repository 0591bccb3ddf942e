using RagPlatform.CommandLine.Evaluation;

namespace RagPlatform.CommandLine.Tests.Evaluation;

public sealed class EvalHistoryTests : EvaluationFixture
{
    [Fact]
    public async Task Compare_LastTwoRuns_TellsWhichIsBetter()
    {
        WriteSet("set", [.. Enumerable.Range(1, 30).Select(i => ($"{i}", $"d{i}"))]);
        Gateway.Rank = request => ["x", $"d{request.Query}"];
        await RunAsync("eval", "retrieval", "set");
        Gateway.Rank = request => [$"d{request.Query}"];
        await RunAsync("eval", "retrieval", "set");

        var compared = (await RunAsync("eval", "compare", "last~1", "last", "--json")).Json;
        var mrr = compared.GetProperty("measures").EnumerateArray().Single(row => row.GetProperty("arm").GetString() == "hybrid" && row.GetProperty("measure").GetString() == "MRR");
        mrr.GetProperty("first").GetDouble().ShouldBe(0.5);
        mrr.GetProperty("second").GetDouble().ShouldBe(1);
        mrr.GetProperty("difference").GetDouble().ShouldBe(0.5);
        mrr.GetProperty("pValue").GetDouble().ShouldBeLessThan(0.01);

        var history = (await RunAsync("eval", "history", "--json")).Json;
        history.GetArrayLength().ShouldBe(2);
        (await RunAsync("eval", "history")).Lines.Length.ShouldBe(3);
        (await RunAsync("eval", "compare", "last", "last")).Out.ShouldContain("+0.000");
    }

    [Fact]
    public async Task Compare_RunsOfDifferentSets_IsRefused()
    {
        WriteSet("one", ("one", "d1"));
        WriteSet("other", ("two", "d1"));
        await RunAsync("eval", "retrieval", "one");
        await RunAsync("eval", "retrieval", "other");

        var ran = await RunAsync("eval", "compare", "last~1", "last");

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain("different questions or documents");
    }

    [Theory]
    [InlineData("last~5", ExitCode.NothingFound)]
    [InlineData("1999", ExitCode.NothingFound)]
    [InlineData("2", ExitCode.Usage)]
    public async Task Compare_NameOfNoneOrOfSeveral_IsRefused(string name, int exitCode)
    {
        WriteSet("one", ("one", "d1"));
        await RunAsync("eval", "retrieval", "one");
        await RunAsync("eval", "retrieval", "one");

        (await RunAsync("eval", "compare", name, "last")).ExitCode.ShouldBe(exitCode);
    }

    [Fact]
    public void History_FileCutOff_IsLeftOut()
    {
        var history = new EvaluationHistory(Folder.Path);
        history.Add(Report("20260101-000000-000-set"));
        Write("20260102-000000-000-set.json", "{\"id\": \"2026");

        history.List().Single().Id.ShouldBe("20260101-000000-000-set");
        Should.Throw<CommandException>(() => history.Find("20260102")).Message.ShouldContain("is no report");
    }

    [Fact]
    public void History_OfMoreRunsThanItKeeps_DropsTheOldest()
    {
        for (var run = 0; run < EvaluationHistory.MaxRuns; run++)
        {
            Write($"20260101-{run:000000}-000-set.json", "{}");
        }

        new EvaluationHistory(Folder.Path).Add(Report("20270101-000000-000-set"));

        Directory.GetFiles(Folder.Path).Length.ShouldBe(EvaluationHistory.MaxRuns);
        File.Exists(Folder.File("20260101-000000-000-set.json")).ShouldBeFalse();
    }

    private static EvaluationReport Report(string id) =>
        new(id, DateTimeOffset.UnixEpoch, "set", "00", new SearchedCollection("c", "m", "embedded", "", 1, 1), 1, [], Tuning: null, []);
}
