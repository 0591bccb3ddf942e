using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class ModelCommandTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    [Fact]
    public async Task Pull_Default_TellsProgressThenTheModel()
    {
        rag.Gateway.ModelIsReady = false;

        var ran = await rag.RunAsync("models", "pull");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Err.ShouldContain("pinned hub:x/y@1, license mit, 3 files");
        ran.Err.ShouldContain("downloading model.safetensors 10.0 of 50.0 MB, 20%");
        ran.Lines.Length.ShouldBe(2);
        ran.Lines[^1].ShouldContain("ready");
        (await rag.RunAsync("models", "list", "--json")).Json[0].GetProperty("dimension").GetInt32().ShouldBe(384);
    }

    [Theory]
    [InlineData("BAAI/bge-small-en-v1.5", "hub:BAAI/bge-small-en-v1.5", "", "", "")]
    [InlineData("BAAI/bge-small-en-v1.5@refs/pr/1 --as bge", "hub:BAAI/bge-small-en-v1.5", "refs/pr/1", "bge", "")]
    [InlineData("--from /models/mine --as mine", "folder:/models/mine", "", "mine", "")]
    [InlineData("bge", "", "", "", "bge")]
    public async Task Pull_OfEveryKind_AsksForIt(string arguments, string source, string revision, string name, string model)
    {
        rag.Gateway.Pulls.Clear();

        (await rag.RunAsync([.. "models pull".Split(' '), .. arguments.Split(' ')])).ExitCode.ShouldBe(ExitCode.Ok);

        rag.Gateway.Pulls.ShouldHaveSingleItem().ShouldBe(new PullModelRequest { Source = source, Revision = revision, Name = name, Model = model });
    }

    [Fact]
    public async Task Pull_RelativeFolder_IsSentWhole()
    {
        rag.Gateway.Pulls.Clear();

        await rag.RunAsync("models", "pull", "--from", "my-model");

        rag.Gateway.Pulls.Single().Source.ShouldBe($"folder:{rag.Folder.File("my-model")}");
    }

    [Theory]
    [InlineData("bge --from /models/bge", "not both")]
    [InlineData("bge@main", "has its revision pinned")]
    [InlineData("bge --as other", "--as names what is pulled")]
    public async Task Pull_ArgumentsThatDoNotGoTogether_AreRefused(string arguments, string named)
    {
        var ran = await rag.RunAsync([.. "models pull".Split(' '), .. arguments.Split(' ')]);

        ran.ExitCode.ShouldBe(ExitCode.Usage);
        ran.Err.ShouldContain(named);
    }

    [Fact]
    public async Task Pull_Interrupted_SaysThatItGoesOn()
    {
        rag.Gateway.Hangs = true;
        try
        {
            rag.Gateway.Pulls.Clear();
            using var leaving = new CancellationTokenSource();
            var run = rag.RunAsync(leaving.Token, "models", "pull", "a/b");
            await TestTimeout.EventuallyAsync(() => Task.FromResult(!rag.Gateway.Pulls.IsEmpty), "the pull's start");
            await leaving.CancelAsync();

            var ran = await run;

            ran.ExitCode.ShouldBe(ExitCode.Cancelled);
            ran.Err.ShouldContain("the pull goes on");
        }
        finally
        {
            rag.Gateway.Hangs = false;
        }
    }

    [Fact]
    public async Task List_ForPeople_MarksTheDefaultShortensItsRevisionAndSaysWhatIsIncomplete()
    {
        rag.Gateway.ModelProblems = ["/models/models.json: models[0] is left out."];

        var ran = await rag.RunAsync("models", "list");
        rag.Gateway.ModelProblems = [];

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Out.ShouldContain("all-MiniLM-L6-v2 *");
        ran.Out.ShouldContain("hub:sentence-transformers/all-MiniLM-L6-v2@1110a24");
        ran.Out.ShouldNotContain("1110a243");
        ran.Err.ShouldContain("half is incomplete: model.safetensors is missing.");
        ran.Err.ShouldContain("models[0] is left out");
    }

    [Fact]
    public async Task List_Json_KeepsTheNamesThatScriptsKnow() =>
        (await rag.RunAsync("models", "list", "--json")).Json[0].EnumerateObject().Select(property => property.Name)
            .ShouldBe(["id", "kind", "state", "dimension", "maxTokens", "sizeBytes", "source", "license", "revision", "detail", "isDefault", "isLoaded"]);

    [Fact]
    public async Task Show_Model_TellsWhatItIsAndWhoUsesIt()
    {
        var ran = await rag.RunAsync("models", "show");

        foreach (var shown in (string[])["encoder, BertModel", "22.7 million parameters, F32, 50.0 MB on disk", "256 tokens of a vocabulary of 30522", "384", "Apache-2.0", "docs", new string('a', 64)])
        {
            ran.Out.ShouldContain(shown);
        }

        (await rag.RunAsync("models", "show", "--json")).Json.GetProperty("files")[0].GetProperty("sha256").GetString().ShouldBe(new string('a', 64));
        (await rag.RunAsync("models", "show", "nobody")).ExitCode.ShouldBe(ExitCode.NothingFound);
    }

    [Theory]
    [InlineData(FileCheckResult.AsPinned, ExitCode.Ok, "m: all 2 of 2 files as pinned")]
    [InlineData(FileCheckResult.NotPinned, ExitCode.Ok, "m: model.safetensors is not pinned")]
    [InlineData(FileCheckResult.Missing, ExitCode.Failed, "m: model.safetensors is missing")]
    [InlineData(FileCheckResult.Different, ExitCode.Failed, "m: model.safetensors is different\n  expected  aaaa\n  actual    bbbb\nm: 1 of 2 files as pinned")]
    public async Task Verify_OfEveryResult_TellsItAndExitsByIt(FileCheckResult result, int exitCode, string shown)
    {
        rag.Gateway.Weights = result;

        var ran = await rag.RunAsync("models", "verify", "--all");

        ran.ExitCode.ShouldBe(exitCode);
        ran.Out.ReplaceLineEndings("\n").ShouldContain(shown);
        ran.Err.ShouldContain("reading model.safetensors 20.0 of 50.0 MB, 40%");
        (await rag.RunAsync("models", "verify", "--json")).Json[1].GetProperty("result").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Remove_AsksAndIsRefusedWhileUsed()
    {
        rag.Gateway.Removals.Clear();
        rag.Input = "n\n";
        var declined = await rag.RunAsync("models", "remove", "all-MiniLM-L6-v2");
        declined.ExitCode.ShouldBe(ExitCode.Failed);
        declined.Err.ShouldContain("Delete all-MiniLM-L6-v2, 50.0 MB? [y/N]");
        rag.Gateway.Removals.ShouldBeEmpty();

        rag.Input = "y\n";
        (await rag.RunAsync("models", "remove", "all-MiniLM-L6-v2")).Err.ShouldContain("it is used by the collection docs");

        var removed = await rag.RunAsync("models", "remove", "all-MiniLM-L6-v2", "--yes", "--force");
        removed.Out.ShouldContain("Deleted all-MiniLM-L6-v2, 50.0 MB.");
        (await rag.RunAsync("models", "remove", "all-MiniLM-L6-v2", "-y", "--force", "--json")).Json.GetProperty("freedBytes").GetInt64().ShouldBe(50_000_000);
    }

    [Fact]
    public void Transfer_SomeTimeIn_TellsRateAndTimeLeft()
    {
        var time = new ManualTime();
        var transfer = new Transfer(withBar: false, time);

        transfer.Describe(10_000_000, 100_000_000).ShouldBe("10.0 of 100.0 MB, 10%");
        time.Advance(TimeSpan.FromSeconds(2));
        transfer.Describe(30_000_000, 100_000_000).ShouldBe("30.0 of 100.0 MB, 30%, 10.0 MB/s, 7 s left");
        time.Advance(TimeSpan.FromSeconds(2));
        transfer.Describe(5_000_000, 6_000_000).ShouldBe("5.0 of 6.0 MB, 83%");
        new Transfer(withBar: true, time).Describe(1, 4).ShouldStartWith(new string('━', 6) + new string('╌', 18));
    }
}
