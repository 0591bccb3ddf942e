using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Serving;
using RagPlatform.FineTuneJobs.Tests.Adapters;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Serving;

public sealed class LoadedModelsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rent_ManyAtOnce_LoadsOnceOverOneBase()
    {
        using var host = Host();
        var (first, second) = (await AddAsync(host), await AddAsync(host));
        var (models, opened) = (host.Get<LoadedModels>(), new TaskCompletionSource());
        host.Loader.Opened = opened.Task;

        var asked = Enumerable.Range(0, 20).Select(index => models.RentAsync(index % 2 == 0 ? first : second, TimeSpan.Zero, CancellationToken.None)).ToArray();
        opened.SetResult();
        var rented = await Task.WhenAll(asked).WithTimeout("the loading");

        host.Loader.Loaded.Count.ShouldBe(2);
        host.Loader.BasesLoaded.ShouldBe(1);
        models.Held.Bytes.ShouldBe(first.Bytes + second.Bytes + 1000, "the base counts once");
        rented.ToList().ForEach(model => model.Dispose());
    }

    [Fact]
    public async Task Rent_WhoLeavesWhileItLoads_EndsItForNobodyElse()
    {
        using var host = Host();
        var (adapter, opened) = (await AddAsync(host), new TaskCompletionSource());
        host.Loader.Opened = opened.Task;
        using var leaving = new CancellationTokenSource();

        var left = host.Get<LoadedModels>().RentAsync(adapter, TimeSpan.Zero, leaving.Token);
        var stayed = host.Get<LoadedModels>().RentAsync(adapter, TimeSpan.Zero, CancellationToken.None);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left.WithTimeout("the one who left"));
        opened.SetResult();

        (await stayed.WithTimeout("the one who stayed")).Dispose();
        host.Loader.Loaded.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rent_OneTooMany_TheLongestUnusedLeavesAndNoneInUse()
    {
        var time = new ManualTime();
        using var host = Host(time, ("FineTuneJobs:Serving:MaxLoadedAdapters", "2"));
        var (first, second, third) = (await AddAsync(host), await AddAsync(host), await AddAsync(host));
        var models = host.Get<LoadedModels>();
        var inUse = await models.RentAsync(first, TimeSpan.Zero, CancellationToken.None);
        (await models.RentAsync(second, TimeSpan.Zero, CancellationToken.None)).Dispose();
        time.Advance(TimeSpan.FromSeconds(1));

        using (await models.RentAsync(third, TimeSpan.Zero, CancellationToken.None))
        {
            await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Loader.Freed.Contains(second.Id)), "the idle one's leaving");
            var full = await Should.ThrowAsync<ServiceException>(() => models.RentAsync(second, TimeSpan.Zero, CancellationToken.None));
            (full.Kind, full.RetryDelay > TimeSpan.Zero).ShouldBe((FailureKind.ResourceExhausted, true));
        }

        inUse.Model.Predict(["text"], 10, CancellationToken.None).ShouldHaveSingleItem();
        inUse.Dispose();
        host.Loader.Freed.ShouldNotContain(first.Id);
    }

    [Fact]
    public async Task Forget_WhileItIsInUse_FreesItAndItsBaseOnlyAfterwards()
    {
        using var host = Host();
        var adapter = await AddAsync(host);
        var models = host.Get<LoadedModels>();
        var inUse = await models.RentAsync(adapter, TimeSpan.Zero, CancellationToken.None);

        models.Forget(adapter.Id);
        inUse.Model.Predict(["text"], 10, CancellationToken.None).ShouldHaveSingleItem();
        host.Loader.Freed.ShouldBeEmpty();
        inUse.Dispose();

        await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Loader.Freed.Contains(adapter.Id) && host.Loader.BasesFreed == 1), "the freeing");
        models.Held.ShouldBe((0, 0));
    }

    [Fact]
    public async Task Rent_LoadingThatFailed_IsTriedAgain()
    {
        using var host = Host();
        var adapter = await AddAsync(host);
        var file = Path.Combine(host.Get<AdapterFolders>().Of(adapter.Id), FakeLoader.File);
        File.Move(file, file + ".away");

        (await Should.ThrowAsync<ServiceException>(() => host.Get<LoadedModels>().RentAsync(adapter, TimeSpan.Zero, CancellationToken.None))).Code.ShouldBe("ADAPTER_BROKEN");
        File.Move(file + ".away", file);

        (await host.Get<LoadedModels>().RentAsync(adapter, TimeSpan.Zero, CancellationToken.None)).Dispose();
        host.Get<LoadedModels>().Held.Adapters.ShouldBe(1);
    }

    [Fact]
    public async Task Rent_LargerThanAllMemory_IsRefusedAndNothingLeaves()
    {
        using var host = Host(null, ("FineTuneJobs:Serving:MaxLoadedBytes", "16777216"));
        var adapter = await AddAsync(host);

        (await Should.ThrowAsync<ServiceException>(() => host.Get<LoadedModels>().RentAsync(adapter with { Bytes = 1L << 40 }, TimeSpan.Zero, CancellationToken.None))).Code.ShouldBe("ADAPTER_TOO_LARGE");
    }

    private AdapterHost Host(TimeProvider? time = null, params (string, string)[] settings) =>
        new(_folder.Path, null, time, settings);

    /// <summary>Registered, and out of memory again.</summary>
    private static async Task<Adapter> AddAsync(AdapterHost host)
    {
        var adapter = await host.RegisterAsync();
        host.Get<LoadedModels>().Forget(adapter.Id);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Loader.Freed.Contains(adapter.Id) && host.Loader.BasesFreed == host.Loader.BasesLoaded), "the adapter's leaving");
        host.Loader.Loaded.Clear();
        host.Loader.Freed.Clear();
        (host.Loader.BasesLoaded, host.Loader.BasesFreed) = (0, 0);
        return adapter;
    }
}
