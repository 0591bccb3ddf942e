using RagPlatform.Client;
using RagPlatform.CommandLine.Run;
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
    public async Task Distill_Collection_TellsHowFarAndHowToUseIt()
    {
        rag.Gateway.Distillations.Clear();

        var ran = await rag.RunAsync("models", "distill", "all-MiniLM-L6-v2", "--collection", "docs");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        rag.Gateway.Distillations.ShouldHaveSingleItem().ShouldBe(
            new DistillModelRequest { Model = "all-MiniLM-L6-v2", Collection = "docs", Name = "all-MiniLM-L6-v2-for-docs", MaxChunks = 20_000 });
        ran.Err.ShouldContain("all-MiniLM-L6-v2-for-docs: embedding 3,000 of 20,000");
        ran.Err.ShouldContain("training 50 of 100");
        ran.Out.ShouldContain("rag collections rebuild docs --model all-MiniLM-L6-v2-for-docs");

        (await rag.RunAsync("models", "distill", "m", "-c", "docs", "--name", "quick", "--chunks", "500")).Out.ShouldContain("--model quick");
        rag.Gateway.Distillations.Last().ShouldBe(new DistillModelRequest { Model = "m", Collection = "docs", Name = "quick", MaxChunks = 500 });
        (await rag.RunAsync("models", "distill", "m")).ExitCode.ShouldBe(ExitCode.Usage);
    }

    [Theory]
    [InlineData(1, 0, 100, "embedding 0 of 100")]
    [InlineData(10, 25, 100, "embedding 25 of 100, about 30 s left in this step")]
    [InlineData(10, 100, 100, "embedding 100 of 100")]
    [InlineData(10, 0, 0, "embedding")]
    public void Distill_HowFar_TellsTheRestOnceItIsMoreThanAGuess(int seconds, int done, int total, string shown) =>
        ModelDistill.Describe(new DistillProgress("embedding", done, total, "m"), TimeSpan.FromSeconds(seconds)).ShouldBe(shown);

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
