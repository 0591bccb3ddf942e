using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class IngestTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    [Fact]
    public async Task Ingest_Folder_WaitsAndCountsThenFindsAllUnchanged()
    {
        for (var index = 0; index < 20; index++)
        {
            Write($"many/{index}.md", $"document {index}");
        }

        var first = await rag.RunAsync("ingest", "many", "-c", "many");
        first.ExitCode.ShouldBe(ExitCode.Ok);
        first.Out.Trim().ShouldBe("20 indexed, 0 unchanged, 0 failed in the collection many.");

        Write("many/3.md", "changed");
        var second = (await rag.RunAsync("ingest", "many", "-c", "many", "--json")).Json;
        second.GetProperty("indexed").GetInt32().ShouldBe(1);
        second.GetProperty("unchanged").GetInt32().ShouldBe(19);
        second.GetProperty("documents")[0].GetProperty("id").GetString().ShouldBe("many/0.md");
    }

    [Fact]
    public async Task Ingest_SomeFail_IndexesTheOthersAndSaysWhy()
    {
        Write("mixed/good.md", "good");
        Write("mixed/broken.md", "broken");
        Write("mixed/empty.md", "");

        var ran = await rag.RunAsync("ingest", "mixed", "-c", "mixed");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Out.Trim().ShouldBe("1 indexed, 0 unchanged, 2 failed in the collection mixed.");
        ran.Err.ShouldContain("mixed/broken.md: content: holds no text.");
        ran.Err.ShouldContain("mixed/empty.md: content: is empty.");
        ran.Err.ShouldContain("Send at least one character.");
    }

    [Fact]
    public async Task Ingest_File_IdIsThePathFromHereAndUriTheFile()
    {
        Write("a/b.md", "text");

        await rag.RunAsync("ingest", "a/b.md", "-c", "ids");

        var header = rag.Gateway.Received.Last(received => received.Collection == "ids");
        header.Id.ShouldBe("a/b.md");
        new Uri(header.Uri).LocalPath.ShouldBe(rag.Folder.File("a/b.md"));
    }

    [Fact]
    public async Task Ingest_Metadata_GoesWithEveryDocument()
    {
        Write("described/a.md", "a");
        Write("described/b.md", "b");

        await rag.RunAsync("ingest", "described", "-c", "described", "--metadata", "lang=de", "-m", "formula=a=b", "-m", "empty=");

        foreach (var header in rag.Gateway.Received.Where(received => received.Collection == "described"))
        {
            header.Metadata.Select(pair => $"{pair.Key}:{pair.Value}").Order().ShouldBe(["empty:", "formula:a=b", "lang:de"]);
        }
    }

    [Theory]
    [InlineData("lang", "'lang' is no KEY=VALUE")]
    [InlineData("=de", "'=de' is no KEY=VALUE")]
    [InlineData("lang=de -m lang=en", "the key 'lang' is given twice")]
    public async Task Ingest_MetadataThatCannotBeRead_IsWrongUsage(string given, string named)
    {
        var ran = await rag.RunAsync(["ingest", "any.md", "--metadata", .. given.Split(' ')]);

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain(named);
    }

    [Fact]
    public async Task Ingest_StandardInput_TakesTitleTypeAndId()
    {
        rag.Input = "<p>hello</p>";

        var ran = await rag.RunAsync("ingest", "-", "--title", "Page", "--content-type", "text/html", "--id", "page", "--uri", "https://example.com/", "-c", "stdin");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        var header = rag.Gateway.Received.Last(received => received.Collection == "stdin");
        (header.Id, header.Title, header.ContentType, header.Uri).ShouldBe(("page", "Page", "text/html", "https://example.com/"));
    }

    [Fact]
    public async Task Ingest_StandardInput_SaysWhichDocumentItIs()
    {
        rag.Input = "text";

        (await rag.RunAsync("ingest", "-", "--id", "from-pipe")).Lines.ShouldContain("standard input is the document from-pipe.");
    }

    [Fact]
    public async Task Ingest_Interrupted_EndsWith130AndSaysHowToGoOn()
    {
        File.WriteAllText(rag.Folder.File("interrupted.md"), "text");
        using var interrupt = new CancellationTokenSource();
        rag.Gateway.Hangs = true;
        try
        {
            var running = rag.RunAsync(interrupt.Token, "ingest", "interrupted.md");
            await TestTimeout.EventuallyAsync(() => Task.FromResult(rag.Gateway.Received.Any(header => header.Id == "interrupted.md")), "the document arrives");
            await interrupt.CancelAsync();

            var ran = await running;
            ran.ExitCode.ShouldBe(ExitCode.Cancelled);
            ran.Err.ShouldContain("the same command again goes on");
        }
        finally
        {
            rag.Gateway.Hangs = false;
        }
    }

    [Fact]
    public async Task Ingest_LargeFile_ArrivesWhole()
    {
        File.WriteAllText(rag.Folder.File("large.txt"), new string('x', 5 * 1024 * 1024));

        (await rag.RunAsync("ingest", "large.txt", "-c", "large")).ExitCode.ShouldBe(ExitCode.Ok);

        var found = (await rag.RunAsync("documents", "show", "large.txt", "-c", "large", "--json")).Json;
        found.GetProperty("document").GetProperty("contentBytes").GetInt64().ShouldBe(5 * 1024 * 1024);
    }

    [Fact]
    public async Task Ingest_NoWait_ReturnsOnceAccepted()
    {
        Write("later.md", "later");

        var json = (await rag.RunAsync("ingest", "later.md", "-c", "later", "--no-wait", "--json")).Json;

        json.GetProperty("accepted").GetInt32().ShouldBe(1);
        json.GetProperty("documents")[0].GetProperty("outcome").GetString().ShouldBe("accepted");
    }

    [Theory]
    [InlineData("--id", "x")]
    [InlineData("--uri", "http://x/")]
    [InlineData("--title", "x")]
    public async Task Ingest_SingleDocumentOptionForSeveral_IsWrongUsageAndSendsNothing(string option, string value)
    {
        Write("two/1.md", "1");
        Write("two/2.md", "2");
        var collection = "usage" + option;

        var ran = await rag.RunAsync("ingest", "two", option, value, "-c", collection);

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain($"{option} is for a single document, and 2 are named.");
        rag.Gateway.Received.ShouldNotContain(received => received.Collection == collection);
    }

    [Fact]
    public async Task Ingest_WrongKey_EndsAtOnceRatherThanFailingEachDocument()
    {
        Write("key.md", "key");

        var ran = await rag.RunAsync("ingest", "key.md", "--key", "wrong");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldContain("rag ingest: The API key is unknown.");
        ran.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ingest_WhileAServiceRestarts_ComesAgainWhenToldTo()
    {
        Write("restart.md", "restart");
        rag.Gateway.Restarting["PutDocument"] = true;
        rag.Gateway.Restarting["WatchDocument"] = true;

        var ran = await rag.RunAsync("ingest", "restart.md", "-c", "restart");

        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        ran.Out.Trim().ShouldBe("1 indexed, 0 unchanged, 0 failed in the collection restart.");
        rag.Gateway.Restarting.ShouldBeEmpty();
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(rag.Folder.File(name))!);
        File.WriteAllText(rag.Folder.File(name), text);
    }
}
