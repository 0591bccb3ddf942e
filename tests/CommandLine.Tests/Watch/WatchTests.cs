using System.Text.Json;
using RagPlatform.CommandLine.Watch;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests.Watch;

public sealed class WatchTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    private readonly string collection = $"watch-{Guid.NewGuid():N}"[..20];

    private string Folder => rag.Folder.File(collection);

    [Fact]
    public async Task Watch_Once_PutsChangesAndDeletesWhatIsNotThereAnyMore()
    {
        Write("a.md", "a");
        Write("deep/b.md", "b");
        (await OnceAsync()).Out.Trim().ShouldBe($"2 put, 0 deleted, 0 failed in the collection {collection}.");

        Write("deep/b.md", "b, changed");
        File.Delete(In("a.md"));
        (await OnceAsync()).Out.Trim().ShouldBe($"1 put, 1 deleted, 0 failed in the collection {collection}.");
        (await OnceAsync()).Out.Trim().ShouldBe($"0 put, 0 deleted, 0 failed in the collection {collection}.");

        Ids().ShouldBe(["deep/b.md"]);
    }

    [Fact]
    public async Task Watch_Once_LeavesDocumentsOfOthersAlone()
    {
        Write("mine.md", "mine");
        File.WriteAllText(rag.Folder.File($"{collection}-by-hand.md"), "by hand");
        (await rag.RunAsync("ingest", $"{collection}-by-hand.md", "-c", collection)).ExitCode.ShouldBe(ExitCode.Ok);
        await OnceAsync("--source", "other", "--prefix", "other/");
        Write("theirs.md", "theirs");

        await OnceAsync();

        Ids().ShouldBe(["mine.md", "other/mine.md", "theirs.md", $"{collection}-by-hand.md"], ignoreOrder: true);
    }

    [Fact]
    public async Task Watch_TwoFoldersWithTheSameId_SecondIsToldAndChangesNothing()
    {
        Write("same.md", "first");
        await OnceAsync("--source", "one");
        Write("same.md", "second");

        var ran = await OnceAsync("--source", "two");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldContain("of the source one");
        ran.Err.ShouldContain("--prefix");
        rag.Gateway.DocumentsOf(collection).Single().Metadata[WatchTarget.SourceKey].ShouldBe("one");
    }

    [Fact]
    public async Task Watch_FileThatBecomesEmpty_IsNoDocumentAnyMore()
    {
        Write("a.md", "a");
        Write("b.md", "b");
        await OnceAsync();
        Write("a.md", "");

        var ran = await OnceAsync();

        ran.Err.ShouldContain("a.md: it is empty.");
        Ids().ShouldBe(["b.md"]);
    }

    [Fact]
    public async Task Watch_EmptyFolder_DeletesNothingUnlessAllowed()
    {
        Write("a.md", "a");
        await OnceAsync();
        File.Delete(In("a.md"));

        (await OnceAsync()).Err.ShouldContain("--allow-empty");
        Ids().ShouldBe(["a.md"]);

        await OnceAsync("--allow-empty");
        Ids().ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_Running_FollowsEveryKindOfChange()
    {
        Write("kept.md", "kept");
        await using var watch = Start();
        await watch.UntilAsync("kept.md");

        Write("added.md", "added");
        Write("deep/er/added.md", "added, too");
        await watch.UntilAsync("added.md", "deep/er/added.md", "kept.md");

        Directory.Move(In("deep"), In("moved"));
        File.Move(In("added.md"), In("Added.md"));
        await watch.UntilAsync("Added.md", "kept.md", "moved/er/added.md");

        Directory.Delete(In("moved"), recursive: true);
        File.Move(In("Added.md"), In("kept.md"), overwrite: true);
        await watch.UntilAsync("kept.md");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(rag.Gateway.DocumentsOf(collection).Single().ContentBytes == 5), "the replaced file is put");

        var ran = await watch.EndAsync();
        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Lines.ShouldNotContain(line => line.Contains("\"trouble\"", StringComparison.Ordinal) || line.Contains("\"failed\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watch_Rename_DeletesTheOldNameOnlyWhenTheNewOneIsIndexed()
    {
        Write("old.md", "the same text");
        await using var watch = Start();
        await watch.UntilAsync("old.md");
        rag.Gateway.Changes.Clear();
        rag.Gateway.Indexing = new TaskCompletionSource();
        try
        {
            File.Move(In("old.md"), In("new.md"));
            await watch.UntilAsync("new.md", "old.md");
        }
        finally
        {
            rag.Gateway.Indexing.SetResult();
        }

        await watch.UntilAsync("new.md");
        rag.Gateway.Indexing = null;
        rag.Gateway.Changes.ShouldBe(["put new.md", "indexed new.md", "delete old.md"]);
    }

    [Fact]
    public async Task Watch_TouchWithoutChange_SendsNothing()
    {
        Write("a.md", "a");
        await using var watch = Start();
        await watch.UntilAsync("a.md");
        rag.Gateway.Changes.Clear();

        File.SetLastWriteTimeUtc(In("a.md"), DateTime.UtcNow.AddDays(-1));
        Write("b.md", "b");
        await watch.UntilAsync("a.md", "b.md");

        rag.Gateway.Changes.ShouldBe(["put b.md"]);
    }

    [Fact]
    public async Task Watch_PlatformAwayForAWhile_CatchesUp()
    {
        Write("a.md", "a");
        await using var watch = Start();
        await watch.UntilAsync("a.md");
        rag.Gateway.IsAway = true;
        try
        {
            Write("b.md", "b");
            File.Delete(In("a.md"));
            await watch.UntilEventAsync("trouble");
        }
        finally
        {
            rag.Gateway.IsAway = false;
        }

        await watch.UntilAsync("b.md");
    }

    [Fact]
    public async Task Watch_FileThatFails_IsToldWithItsReasonAndOnlyOnce()
    {
        Write("broken.md", "text");
        Write("good.md", "text");
        await using var watch = Start();
        await watch.UntilEventAsync("inStep");
        Write("later.md", "text");
        await watch.UntilAsync("broken.md", "good.md", "later.md");

        var ran = await watch.EndAsync();

        var failed = ran.Lines.Select(line => JsonDocument.Parse(line).RootElement).Single(line => line.GetProperty("event").GetString() == "failed");
        (failed.GetProperty("id").GetString(), failed.GetProperty("reason").GetString()).ShouldBe(("broken.md", "content: holds no text."));
    }

    private Task<Ran> OnceAsync(params string[] more) => rag.RunAsync(["watch", collection, "-c", collection, "--once", "--settle", "0", .. more]);

    private Watching Start() => new(rag, collection);

    private string[] Ids() => [.. rag.Gateway.DocumentsOf(collection).Select(document => document.Id)];

    private string In(string name) => Path.Combine(Folder, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), text);
    }

    /// <summary>A watch that runs until it is ended.</summary>
    private sealed class Watching : IAsyncDisposable
    {
        private readonly CommandLineFixture rag;
        private readonly string collection;
        private readonly CancellationTokenSource interrupt = new();
        private readonly SharedWriter output = new();
        private readonly Task<Ran> running;

        public Watching(CommandLineFixture rag, string collection)
        {
            (this.rag, this.collection) = (rag, collection);
            running = rag.RunAsync(output, interrupt.Token, "watch", collection, "-c", collection, "--settle", "100", "--rescan", "1", "--json");
        }

        public Task UntilAsync(params string[] ids) =>
            TestTimeout.EventuallyAsync(
                () => Task.FromResult(running.IsCompleted || rag.Gateway.DocumentsOf(collection).Select(document => document.Id).SequenceEqual(ids, StringComparer.Ordinal)),
                $"the collection holds {string.Join(", ", ids)} alone");

        public Task UntilEventAsync(string name) =>
            TestTimeout.EventuallyAsync(() => Task.FromResult(running.IsCompleted || output.ToString().Contains($"\"{name}\"", StringComparison.Ordinal)), $"the watch tells {name}");

        public async Task<Ran> EndAsync()
        {
            await interrupt.CancelAsync();
            return await running.WithTimeout("the watch's end");
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            interrupt.Dispose();
            await output.DisposeAsync();
        }
    }
}
