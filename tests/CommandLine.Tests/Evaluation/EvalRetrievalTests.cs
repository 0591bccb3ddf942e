using System.Text.Json;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.CommandLine.Tests.Evaluation;

public sealed class EvalRetrievalTests : EvaluationFixture
{
    [Fact]
    public async Task Evaluate_Folder_MeasuresEveryArmAndLeavesNothingBehind()
    {
        WriteSet("three", ("one", "d1"), ("two", "d2"), ("three", "d3"));
        Gateway.Rank = request => request.Settings.Fusion switch
        {
            FusionMethod.Lexical => ["d1", "d2"], // right for q1, second for q2, nothing for q3
            FusionMethod.Vector => [],
            _ => request.Query switch { "one" => ["d1"], "two" => ["d2"], _ => ["d3"] },
        };

        var ran = await RunAsync("eval", "retrieval", "three", "--json");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        Mean(ran.Json, "lexical", "nDCG@10").ShouldBe((1 + (1 / Math.Log2(3))) / 3, 1e-9);
        Mean(ran.Json, "lexical", "MRR").ShouldBe(0.5, 1e-9);
        Mean(ran.Json, "lexical", "recall@100").ShouldBe(2.0 / 3, 1e-9);
        Mean(ran.Json, "vector", "nDCG@10").ShouldBe(0);
        Mean(ran.Json, "hybrid", "MAP").ShouldBe(1);
        var worst = Arm(ran.Json, "lexical").GetProperty("worst")[0];
        worst.GetProperty("id").GetString().ShouldBe("q3");
        worst.GetProperty("firstRelevantRank").ValueKind.ShouldBe(JsonValueKind.Null);
        Arm(ran.Json, "hybrid").GetProperty("worst").GetArrayLength().ShouldBe(0);
        Gateway.Searches.ShouldAllBe(search => search.TopK == 100 && search.Settings.MaxChunksPerDocument == 1);
        Gateway.Collections.ShouldBeEmpty();
        Gateway.Deleted.Single().ShouldMatch("^eval-three-[0-9a-f]{10}$");
    }

    [Fact]
    public async Task Evaluate_KeptCollection_IsNotIngestedAgain()
    {
        WriteSet("kept", ("one", "d1"), ("two", "d2"));

        (await RunAsync("eval", "retrieval", "kept", "--keep")).ExitCode.ShouldBe(ExitCode.Ok);
        Gateway.PutCount.ShouldBe(2);
        Gateway.Deleted.ShouldBeEmpty();

        (await RunAsync("eval", "retrieval", "kept")).ExitCode.ShouldBe(ExitCode.Ok);
        Gateway.PutCount.ShouldBe(2);
        Gateway.Deleted.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Evaluate_DocumentFails_SaysWhichAndDeletesTheCollection()
    {
        WriteSet("failing", ("one", "d1"), ("two", "d2"));
        Gateway.Failing.Add("d2");

        var ran = await RunAsync("eval", "retrieval", "failing");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldContain("1 of 2 documents could not be indexed: 'd2': content: holds no text.");
        Gateway.Deleted.Count.ShouldBe(1);
        Gateway.Searches.ShouldBeEmpty();
        (await RunAsync("eval", "history")).Err.ShouldContain("Nothing has been evaluated yet.");
    }

    [Fact]
    public async Task Evaluate_DocumentWithoutText_IsIngestedAsItsTitle()
    {
        WriteSet("titles", ("one", "d1"));
        Write("titles/corpus.jsonl", """{"_id": "d1", "title": "Only a title", "text": ""}""" + "\n" + """{"_id": "d2", "title": "", "text": ""}""");

        var ran = await RunAsync("eval", "retrieval", "titles", "--json", "--keep");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        Gateway.Collections.Single().Value.Keys.ShouldBe(["d1"]);
        ran.Json.GetProperty("notes")[0].GetString().ShouldBe("1 document has neither title nor text and is left out.");
    }

    [Fact]
    public async Task Evaluate_OwnQuestions_SearchesTheirCollectionAndLeavesItAlone()
    {
        WriteSet("own", ("one", "d1"), ("two", "d2"));
        await RunAsync("eval", "retrieval", "own", "--keep");
        var collection = Gateway.Collections.Single().Key;
        Write("questions.jsonl", """{"question": "one?", "documents": ["d2", "d1"]}""");
        Gateway.Rank = _ => ["x", "d1", "d2"];

        var ran = await RunAsync("eval", "retrieval", "--collection", collection, "--questions", "questions.jsonl", "--json");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        Mean(ran.Json, "hybrid", "MAP").ShouldBe(((1.0 / 2) + (2.0 / 3)) / 2, 1e-9);
        Gateway.Deleted.ShouldBeEmpty();
        Gateway.Searches.Select(search => search.Settings).ShouldAllBe(
            settings => (settings.Fusion == FusionMethod.Unspecified) != (settings.HasRerankModel && settings.RerankModel.Length == 0), "an arm is measured without the collection's reranker");
    }

    [Fact]
    public async Task Evaluate_OwnQuestionsAboutAMissingDocument_NamesTheLine()
    {
        WriteSet("own", ("one", "d1"));
        await RunAsync("eval", "retrieval", "own", "--keep");
        Write("questions.jsonl", """{"question": "one?", "documents": ["d1"]}""" + "\n" + """{"question": "two?", "documents": ["d7"]}""");

        var ran = await RunAsync("eval", "retrieval", "-c", Gateway.Collections.Single().Key, "--questions", "questions.jsonl");

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain("line 2");
        ran.Err.ShouldContain("'d7'");
    }

    [Theory]
    [InlineData("eval retrieval", "give either a folder, or --collection with --questions")]
    [InlineData("eval retrieval set --collection x", "give either a folder, or --collection with --questions")]
    [InlineData("eval retrieval --questions q.jsonl", "give either a folder, or --collection with --questions")]
    [InlineData("eval retrieval set --apply x", "--apply goes with --tune")]
    [InlineData("eval retrieval set --tune", "at least 20 are needed")]
    [InlineData("eval retrieval set --html nowhere/report.html", "there is no folder")]
    [InlineData("eval retrieval elsewhere", "there is no folder")]
    public async Task Evaluate_UsedWrongly_SaysHow(string command, string message)
    {
        WriteSet("set", ("one", "d1"));

        var ran = await RunAsync(command.Split(' '));

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain(message);
        Gateway.PutCount.ShouldBe(0);
    }

    private static JsonElement Arm(JsonElement report, string arm) =>
        report.GetProperty("arms").EnumerateArray().Single(element => element.GetProperty("arm").GetString() == arm);

    private static double Mean(JsonElement report, string arm, string measure) =>
        Arm(report, arm).GetProperty("measures").EnumerateArray().Single(element => element.GetProperty("measure").GetString() == measure).GetProperty("mean").GetDouble();
}
