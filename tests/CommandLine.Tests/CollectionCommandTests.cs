using RagPlatform.Protos.Search.V1;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class CollectionCommandTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    private static readonly IndexBuild Running = new() { Id = "b1", State = BuildState.Running, Step = "copying", DoneDocuments = 4, TotalDocuments = 10, RemainingSeconds = 125, Store = "qdrant", ChunksPerSecond = 88.4, ResumeCount = 1 };

    private static readonly IndexBuild Succeeded = new() { Id = "b1", State = BuildState.Succeeded, DoneDocuments = 10, TotalDocuments = 10, Store = "qdrant" };

    [Fact]
    public async Task CreateShowUpdateList_FollowACollection()
    {
        (await rag.RunAsync("collections", "create", "life", "--store", "qdrant", "--model", "bge", "--vector-weight", "0.25")).Out.ShouldContain("qdrant");
        rag.Gateway.Collections["life"].Model.ShouldBe("bge");
        rag.Gateway.Collections["life"].Settings.ShouldBe(new CollectionSettings { VectorWeight = 0.25 });

        (await rag.RunAsync("collections", "update", "life", "--fusion", "rrf")).Out.ShouldContain("fusion rrf, vector weight 0.25");
        rag.Gateway.Collections["life"].Settings.ShouldBe(new CollectionSettings { Fusion = FusionMethod.ReciprocalRank, VectorWeight = 0.25 });
        (await rag.RunAsync("collections", "update", "life", "--rerank", "tiny", "--rerank-candidates", "20")).Out.ShouldContain("reranked by tiny (20 passages)");
        await rag.RunAsync("collections", "update", "life", "--fusion", "min-max");
        rag.Gateway.Collections["life"].Settings
            .ShouldBe(new CollectionSettings { Fusion = FusionMethod.MinMax, VectorWeight = 0.25, RerankModel = "tiny", RerankCandidates = 20 });
        (await rag.RunAsync("collections", "update", "life", "--rerank", "none")).Out.ShouldNotContain("reranked");
        (await rag.RunAsync("collections", "update", "life", "--chunking", "parent-child", "--chunk-tokens", "80", "--parent-tokens", "500")).Out
            .ShouldContain("by parent-child, 80 tokens, quoted in 500");
        await rag.RunAsync("collections", "update", "life", "--chunk-overlap", "0");
        rag.Gateway.Collections["life"].Settings.Chunking
            .ShouldBe(new ChunkingSettings { Strategy = ChunkingStrategy.ParentChild, MaxTokens = 80, OverlapTokens = 0, ParentTokens = 500 });
        await rag.RunAsync("collections", "update", "life", "--chunking", "whole");
        rag.Gateway.Collections["life"].Settings.Chunking.ShouldBe(new ChunkingSettings { Strategy = ChunkingStrategy.Whole }, "another strategy has its own sizes");
        (await rag.RunAsync("collections", "update", "life", "--chunk-tokens", "15")).Err.ShouldContain("--chunk-tokens is 15; it must be 16 to 8192.");
        await rag.RunAsync("collections", "update", "life", "--reset", "--vector-weight", "0");
        rag.Gateway.Collections["life"].Settings.ShouldBe(new CollectionSettings { VectorWeight = 0 });

        var json = (await rag.RunAsync("collections", "show", "life", "--json")).Json;
        json.EnumerateObject().Select(property => property.Name).ShouldBe(
        [
            "name", "documentCount", "chunkCount", "model", "dimension", "store", "diskBytes", "configurationHash", "health", "healthDetail", "aliases", "settings", "build", "segmentCount", "missingDocuments",
            "chunkingHash", "documentsChunkedEarlier",
        ]);
        json.GetProperty("health").GetString().ShouldBe("ready");
        (await rag.RunAsync("collections", "list", "--json")).Json.EnumerateArray().Select(collection => collection.GetProperty("name").GetString()).ShouldContain("life");
        (await rag.RunAsync("collections", "list")).Lines.ShouldContain(line => line.StartsWith("life", StringComparison.Ordinal) && line.Contains("ready", StringComparison.Ordinal));

        var twice = await rag.RunAsync("collections", "create", "life");
        twice.ExitCode.ShouldBe(ExitCode.Failed);
        twice.Err.ShouldContain("there is a 'life' already");
    }

    [Fact]
    public async Task Show_RepairingWithABuildThatFailed_SaysAllOfIt()
    {
        rag.Gateway.Collections["sick"] = new Collection
        {
            Name = "sick", DocumentCount = 5, ChunkCount = 50, Model = "m", Dimension = 384, Store = "embedded", DiskBytes = 2_500_000, ConfigurationHash = "abc", SegmentCount = 2,
            Health = CollectionHealth.Repairing, HealthDetail = "segment-3 was set aside.", MissingDocuments = 7, Aliases = { "ill" }, DocumentsChunkedEarlier = 3,
            Build = new IndexBuild { State = BuildState.Failed, Step = "verifying", DoneDocuments = 9, TotalDocuments = 10, Store = "qdrant", Failure = "2 documents differ. Start it again." },
        };

        var ran = await rag.RunAsync("collections", "show", "sick");

        foreach (var said in (string[])["5 documents, 50 chunks", "embedded, 2.5 MB in 2 segments", "m, 384 dimensions", "repairing: segment-3 was set aside.", "7 documents to be indexed again", "3 documents chunked by an earlier configuration; rag collections rebuild sick --chunk-again", "ill", "failed: verifying 9 of 10 documents, for qdrant", "2 documents differ. Start it again."])
        {
            ran.Out.ShouldContain(said);
        }
    }

    [Fact]
    public async Task Show_NotThere_IsExitCodeThree() => (await rag.RunAsync("collections", "show", "absent")).ExitCode.ShouldBe(ExitCode.NothingFound);

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("  YES ", true)]
    [InlineData("n\n", false)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    public async Task Delete_AsksFirst(string answer, bool deletes)
    {
        rag.Gateway.Collections["doomed"] = new Collection { Name = "doomed", DocumentCount = 3 };
        rag.Input = answer;

        var ran = await rag.RunAsync("collections", "delete", "doomed");

        ran.Err.ShouldContain("Delete doomed with its 3 documents? [y/N]");
        ran.ExitCode.ShouldBe(deletes ? ExitCode.Ok : ExitCode.Failed);
        ran.Out.Trim().ShouldBe(deletes ? "Deleted doomed with 3 documents." : "");
        rag.Gateway.Collections.ContainsKey("doomed").ShouldBe(!deletes);
    }

    [Fact]
    public async Task Delete_Yes_DoesNotAsk()
    {
        rag.Gateway.Collections["gone"] = new Collection { Name = "gone", DocumentCount = 1 };
        rag.Input = "n\n";

        var ran = await rag.RunAsync("collections", "delete", "gone", "--yes", "--json");

        ran.Err.ShouldBeEmpty();
        ran.Json.GetProperty("documentCount").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Alias_IsSetMovedAndTakenAway()
    {
        (await rag.RunAsync("collections", "alias", "live", "docs-1")).Out.Trim().ShouldBe("live now stands for docs-1.");
        (await rag.RunAsync("collections", "alias", "live", "docs-2")).Out.Trim().ShouldBe("live now stands for docs-2, before for docs-1.");
        (await rag.RunAsync("collections", "unalias", "live")).Out.Trim().ShouldBe("live is no alias any more.");
        (await rag.RunAsync("collections", "unalias", "live")).ExitCode.ShouldBe(ExitCode.NothingFound);
    }

    [Fact]
    public async Task Rebuild_ShowsProgressAndTheEnd()
    {
        rag.Gateway.Progress = [Running, Succeeded];

        var ran = await rag.RunAsync("collections", "rebuild", "docs", "--model", "m", "--chunk-again");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Err.ShouldContain("copying 4 of 10 documents, 88 chunks/s, about 3 min left, resumed");
        ran.Out.ShouldContain("succeeded: 10 of 10 documents");
        var request = rag.Gateway.Builds.Last();
        (request.Collection, request.Model, request.Store, request.ChunkAgain).ShouldBe(("docs", "m", "", true));
    }

    [Fact]
    public async Task Move_Json_PrintsTheBuildThatSucceeded()
    {
        rag.Gateway.Progress = [Running, Succeeded];

        var json = (await rag.RunAsync("collections", "move", "docs", "--to", "qdrant", "--json")).Json;

        json.GetProperty("state").GetString().ShouldBe("succeeded");
        json.GetProperty("remainingSeconds").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        rag.Gateway.Builds.Last().Store.ShouldBe("qdrant");
    }

    [Theory]
    [InlineData(BuildState.Failed, "the build failed while verifying: 2 documents differ.")]
    [InlineData(BuildState.Cancelled, "the build was cancelled.")]
    [InlineData(BuildState.Running, "the platform stopped telling about the build.")]
    public async Task Watch_OfABuildThatDoesNotSucceed_IsAFailure(BuildState end, string said)
    {
        rag.Gateway.Progress = [Running, new IndexBuild { State = end, Step = "verifying", Failure = end is BuildState.Failed ? "2 documents differ." : "" }];

        var ran = await rag.RunAsync("collections", "watch", "docs");

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldContain($"rag collections watch: {said}");
        ran.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rebuild_Interrupted_SaysThatItGoesOnAndHowToEndIt()
    {
        rag.Gateway.Progress = [Running];
        rag.Gateway.Hangs = true;
        using var interrupt = new CancellationTokenSource();
        try
        {
            var running = rag.RunAsync(interrupt.Token, "collections", "rebuild", "docs");
            await rag.Gateway.WatchHangs.Task.WithTimeout("the watch of the build");
            await interrupt.CancelAsync();
            var ran = await running;

            ran.ExitCode.ShouldBe(ExitCode.Cancelled);
            ran.Err.ShouldContain("rag collections rebuild: interrupted; the build goes on.");
            ran.Err.ShouldContain("rag collections watch docs");
            ran.Err.ShouldContain("rag collections cancel docs");
        }
        finally
        {
            rag.Gateway.Hangs = false;
        }
    }

    [Fact]
    public async Task Rebuild_NoWait_OnlyBegins()
    {
        rag.Gateway.Progress = [new IndexBuild { State = BuildState.Failed }];

        var ran = await rag.RunAsync("collections", "rebuild", "docs", "--no-wait");

        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Out.ShouldContain("running: copying 0 of 10 documents");
    }

    [Fact]
    public async Task Cancel_TellsWhereItEnded() =>
        (await rag.RunAsync("collections", "cancel", "docs")).Out.Trim().ShouldBe("build  cancelled: copying 3 of 10 documents");

    [Fact]
    public async Task SnapshotAndRestore_NameTheSnapshotAndTheCollection()
    {
        rag.Gateway.Collections["kept"] = new Collection { Name = "kept" };

        (await rag.RunAsync("collections", "snapshot", "kept")).Out.Trim().ShouldBe("kept-20261120-101500  12.3 MB");
        (await rag.RunAsync("collections", "restore", "kept-20261120-101500", "--as", "again", "--json")).Json.GetProperty("name").GetString().ShouldBe("again");
    }
}
