using System.Text.Json;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class CommandTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    private static readonly SearchHit Hit = new()
    {
        ChunkId = "c1", DocumentId = "docs/guide.md", Version = 2, Title = "Guide [draft]", Uri = "file:///docs/guide.md", HeadingPath = { "Tests" }, Text = "Run\nthe tests.", StartOffset = 10, EndOffset = 25, Score = 0.91,
    };

    [Fact]
    public async Task Search_Hits_ArePrintedBestFirstAndExitIsZero()
    {
        rag.Gateway.Hits = [Hit];

        var ran = await rag.RunAsync("search", "tests");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Lines.ShouldBe(["1. Guide [draft]  0.91", "   file:///docs/guide.md > Tests", "   Run the tests."]);
        ran.Err.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_Json_IsOneDocumentWithStableNames()
    {
        rag.Gateway.Hits = [Hit];

        var json = (await rag.RunAsync("search", "tests", "--json")).Json;

        Names(json).ShouldBe(["collection", "query", "hits", "timings"]);
        Names(json.GetProperty("hits")[0]).ShouldBe(
            ["chunkId", "documentId", "version", "title", "uri", "headingPath", "text", "startOffset", "endOffset", "score", "lexicalScore", "vectorScore", "metadata", "location", "explanation"]);
        json.GetProperty("hits")[0].GetProperty("text").GetString().ShouldBe("Run\nthe tests.");
    }

    [Fact]
    public async Task Search_NothingFound_IsExitCodeThree()
    {
        rag.Gateway.Hits = [];

        (await rag.RunAsync("search", "tests")).ExitCode.ShouldBe(ExitCode.NothingFound);
    }

    [Fact]
    public async Task Ask_Answer_StreamsTextThenNumberedCitations()
    {
        rag.Gateway.Answer = Answered();

        var ran = await rag.RunAsync("ask", "How do I run the tests?");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Lines.ShouldBe(["Run ./rag test [1].", "[1] Guide  file:///docs/guide.md", "    \"Run ./rag test\""]);
    }

    [Fact]
    public async Task Ask_Json_IsOneObjectWithTextCitationsAndSources()
    {
        rag.Gateway.Answer = Answered();

        var json = (await rag.RunAsync("ask", "--json", "How?")).Json;

        Names(json).ShouldBe(["collection", "question", "answer", "abstention", "citations", "sources", "usage", "timings", "traceId"]);
        json.GetProperty("answer").GetString().ShouldBe("Run ./rag test [1].");
        json.GetProperty("abstention").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("citations")[0].GetProperty("quote").GetString().ShouldBe("Run ./rag test");
        json.GetProperty("traceId").GetString().ShouldBe("abc");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ask_Abstention_IsPrintedPlainlyAndExitCodeThree(bool asJson)
    {
        rag.Gateway.Answer =
        [
            new AskResponse { Sources = new SourceList() },
            new AskResponse { Abstention = new Abstention { Reason = AbstentionReason.WeakEvidence, Message = "The documents do not answer this." } },
            new AskResponse { Completion = new Completion { Usage = new Usage() } },
        ];

        var ran = await rag.RunAsync(["ask", "Who won?", .. asJson ? (string[])["--json"] : []]);

        ran.ExitCode.ShouldBe(ExitCode.NothingFound);
        if (asJson)
        {
            ran.Json.GetProperty("abstention").GetProperty("reason").GetString().ShouldBe("weakEvidence");
        }
        else
        {
            ran.Out.ShouldBe("The documents do not answer this." + Environment.NewLine);
        }
    }

    [Fact]
    public async Task Documents_ListShowDelete_FollowADocument()
    {
        File.WriteAllText(rag.Folder.File("life.md"), "life");
        (await rag.RunAsync("ingest", "life.md", "-c", "life")).ExitCode.ShouldBe(ExitCode.Ok);

        var list = (await rag.RunAsync("documents", "list", "--json", "-c", "life")).Json;
        list.GetProperty("totalCount").GetInt64().ShouldBe(1);
        list.GetProperty("documents")[0].GetProperty("state").GetString().ShouldBe("indexed");
        (await rag.RunAsync("documents", "list", "-c", "life")).Lines[1].ShouldStartWith("life.md");

        var shown = (await rag.RunAsync("documents", "show", "life.md", "-c", "life", "--json")).Json;
        Names(shown).ShouldBe(["document", "events", "versions"]);
        (await rag.RunAsync("documents", "show", "life.md", "-c", "life")).Out.ShouldContain("0123456789abcdef0123456789abcdef");

        (await rag.RunAsync("documents", "delete", "life.md", "-c", "life")).Out.Trim().ShouldBe("Deleted life.md.");
        var gone = await rag.RunAsync("documents", "show", "life.md", "-c", "life");
        gone.ExitCode.ShouldBe(ExitCode.NothingFound);
        gone.Err.ShouldContain("There is no document 'life.md'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DocumentsDelete_OneIsNotThere_DeletesTheOthersAndIsExitCodeThree(bool asJson)
    {
        foreach (var name in new[] { "first.md", "last.md" })
        {
            File.WriteAllText(rag.Folder.File(name), name);
            await rag.RunAsync("ingest", name, "-c", "gone");
        }

        var ran = await rag.RunAsync(["documents", "delete", "first.md", "absent.md", "last.md", "-c", "gone", .. asJson ? (string[])["--json"] : []]);

        ran.ExitCode.ShouldBe(ExitCode.NothingFound);
        ran.Err.ShouldContain("There is no document 'absent.md'");
        var deleted = asJson ? ran.Json.EnumerateArray().Select(document => document.GetProperty("id").GetString()!) : ran.Lines;
        deleted.Count().ShouldBe(2);
        (await rag.RunAsync("documents", "list", "-c", "gone", "--json")).Json.GetProperty("totalCount").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Search_TextWithTerminalCodes_ShowsThemAndDoesNotSendThem()
    {
        rag.Gateway.Hits = [new SearchHit { DocumentId = "a", Title = "\u001b]0;owned\a", Text = "\u001b[31mred\u009b1m", Score = 1 }];

        var ran = await rag.RunAsync("search", "red");

        ran.Out.Any(character => char.IsControl(character) && character is not ('\n' or '\r')).ShouldBeFalse();
        ran.Out.ShouldContain("\ufffd[31mred");
    }

    [Fact]
    public async Task Ask_AnswerWithoutCitations_EndsItsLineAndSendsNoTerminalCodes()
    {
        rag.Gateway.Answer = [new AskResponse { Sources = new SourceList() }, new AskResponse { Text = "Plain\u001b[2J." }, new AskResponse { Completion = new Completion { Usage = new Usage() } }];

        (await rag.RunAsync("ask", "How?")).Out.ShouldBe("Plain\ufffd[2J." + Environment.NewLine);
    }

    [Fact]
    public async Task DocumentsList_MoreThanAPage_IsReadToTheLimit()
    {
        for (var index = 0; index < 7; index++)
        {
            File.WriteAllText(rag.Folder.File($"page-{index}.md"), $"{index}");
        }

        await rag.RunAsync("ingest", "page-*.md", "-c", "pages");

        var list = (await rag.RunAsync("documents", "list", "--json", "-c", "pages", "--limit", "5")).Json;
        list.GetProperty("documents").GetArrayLength().ShouldBe(5);
        list.GetProperty("totalCount").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task Status_Json_NamesModeServicesAndDocuments()
    {
        var json = (await rag.RunAsync("status", "--json")).Json;

        Names(json).ShouldBe(["mode", "gateway", "dashboard", "rabbitmq", "version", "tenant", "services", "documents"]);
        json.GetProperty("mode").GetString().ShouldBe("remote");
        json.GetProperty("documents").TryGetProperty("indexed", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task AnyCommand_WrongKey_SaysSoInOneLineAndTheRemedy()
    {
        var ran = await rag.RunAsync("status", "--key", "wrong");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldBe($"rag status: The API key is unknown.{Environment.NewLine}Give a known one.{Environment.NewLine}");
    }

    [Fact]
    public async Task AnyCommand_NobodyListens_IsExitCodeFour()
    {
        var ran = await rag.RunAsync("search", "x", "--gateway", $"http://127.0.0.1:{Provisioning.LoopbackPorts.FindFree(1)[0]}");

        ran.ExitCode.ShouldBe(ExitCode.NotRunning);
        ran.Err.ShouldContain("rag up");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Status_WhileThePlatformStarts_SaysSoAndAsksNobodyElse(bool hasAddress)
    {
        var address = hasAddress ? $"\"http://127.0.0.1:{Provisioning.LoopbackPorts.FindFree(1)[0]}\"" : "null";
        var runFile = Path.Combine(Directory.CreateDirectory(rag.Folder.File("data")).FullName, "run.json");
        File.WriteAllText(runFile, $$"""{"mode":"distributed","pid":{{Environment.ProcessId}},"gateway":{{address}},"ready":false,"resources":[]}""");
        try
        {
            var ran = await rag.RunAsync("status");

            ran.ExitCode.ShouldBe(ExitCode.NotRunning);
            ran.Err.ShouldContain("still starting");
        }
        finally
        {
            File.Delete(runFile);
        }
    }

    [Fact]
    public async Task Ask_Interrupted_EndsWith130()
    {
        rag.Gateway.Hangs = true;
        using var interrupt = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            (await rag.RunAsync(interrupt.Token, "ask", "anything")).ExitCode.ShouldBe(ExitCode.Cancelled);
        }
        finally
        {
            rag.Gateway.Hangs = false;
        }
    }

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    private static AskResponse[] Answered() =>
    [
        new AskResponse { Sources = new SourceList { Sources = { new Source { Number = 1, Hit = Hit } } } },
        new AskResponse { Text = "Run ./rag " },
        new AskResponse { Text = "test [1]." },
        new AskResponse
        {
            Citations = new CitationList
            {
                Citations = { new Citation { SourceNumber = 1, DocumentId = "docs/guide.md", Version = 2, Title = "Guide", Uri = "file:///docs/guide.md", ChunkId = "c1", Quote = "Run ./rag test", StartOffset = 10, EndOffset = 24 } },
            },
        },
        new AskResponse { Completion = new Completion { Usage = new Usage { Model = "extractive", Evidence = 0.8 }, TraceId = "abc" } },
    ];
}
