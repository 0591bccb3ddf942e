using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RagPlatform.Embedding.Features.ListModels;
using RagPlatform.Embedding.Features.PullModel;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Providers;
using RagPlatform.Embedding.Serving;
using RagPlatform.Embedding.Tests.Models;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Serving;

public sealed class ModelHostTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FakeModel model = new();
    private readonly EmbeddingOptions options = new() { Model = TestModel.Id, MaxLoadedModels = 1 };
    private readonly ManualTime time = new();
    private readonly FakeFetcher fetcher;
    private string? failure;

    public ModelHostTests() => fetcher = new FakeFetcher(ModelSourceKind.Npm, async path =>
    {
        await release.Task;
        if (failure is not null)
        {
            throw new ModelSourceException(failure);
        }

        TestModel.Write(path);
    });

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_ModelMissing_PullsAndIsUnhealthyUntilReady()
    {
        using var host = Host();
        await host.StartAsync(CancellationToken.None);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(fetcher.Calls == 1), "the pull's start");

        (await HealthAsync(host)).Status.ShouldBe(HealthStatus.Unhealthy);
        var early = Should.Throw<ServiceException>(() => host.Get(""));
        early.Kind.ShouldBe(FailureKind.Unavailable);
        early.RetryDelay.ShouldNotBeNull();

        release.SetResult();
        (await host.WaitAsync(TestModel.Id, CancellationToken.None).WithTimeout("the model")).ShouldBe(model.Loaded);
        (await HealthAsync(host)).Status.ShouldBe(HealthStatus.Healthy);
        host.Get("").ShouldBe(model.Loaded);
        await host.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Start_PullOnStartOff_SaysHowToPull()
    {
        options.PullOnStart = false;
        using var host = Host();
        await host.StartAsync(CancellationToken.None);

        (await HealthAsync(host)).Description!.ShouldContain($"rag models pull {TestModel.Id}");
        Should.Throw<ServiceException>(() => host.Get("")).Kind.ShouldBe(FailureKind.FailedPrecondition);
        fetcher.Calls.ShouldBe(0);
        await host.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Wait_DefaultModelMissing_EndsWhenSomebodyPullsIt()
    {
        options.PullOnStart = false;
        using var host = Host();
        var wait = host.WaitAsync(TestModel.Id, CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(1));
        wait.IsCompleted.ShouldBeFalse();

        release.SetResult();
        await host.Prepare(TestModel.Id).Model.WithTimeout("the pull");
        await AdvanceUntilAsync(wait);

        (await wait).ShouldBe(model.Loaded);
    }

    [Fact]
    public async Task Wait_DefaultModelNeverComes_EndsWithTheReason()
    {
        options.PullOnStart = false;
        using var host = Host();
        var wait = host.WaitAsync(TestModel.Id, CancellationToken.None);
        await AdvanceUntilAsync(wait);

        (await Should.ThrowAsync<ServiceException>(() => wait)).Code.ShouldBe("MODEL_MISSING");
    }

    [Fact]
    public async Task Wait_OtherModelMissing_FailsAtOnce()
    {
        options.Model = "default";
        using var host = Host();

        (await Should.ThrowAsync<ServiceException>(() => host.WaitAsync(TestModel.Id, CancellationToken.None).WithTimeout("the wait"))).Code.ShouldBe("MODEL_MISSING");
    }

    [Fact]
    public async Task PullModel_TwoCallers_JoinOnePullAndBothSeeItEnd()
    {
        using var host = Host();
        var pull = Pull(host);
        var first = StepsAsync(pull);
        var second = StepsAsync(pull);
        release.SetResult();

        var steps = await Task.WhenAll(first, second).WithTimeout("both pulls");

        fetcher.Calls.ShouldBe(1);
        steps[0].ShouldContain(PullSteps.Verifying);
        steps[0][^1].ShouldBe(PullSteps.Ready);
        steps[1][^1].ShouldBe(PullSteps.Ready);
        (await StepsAsync(pull)).ShouldBe([PullSteps.Ready]);
    }

    [Fact]
    public async Task PullModel_CallerLeaves_ThePullGoesOn()
    {
        using var host = Host();
        using var leaving = new CancellationTokenSource();
        var left = StepsAsync(Pull(host), leaving.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left.WithTimeout("the caller who left"));

        release.SetResult();

        (await host.WaitAsync(TestModel.Id, CancellationToken.None).WithTimeout("the model")).ShouldBe(model.Loaded);
    }

    [Fact]
    public async Task PullModel_Fails_NamesTheReasonAndCanBeRepeated()
    {
        using var host = Host();
        failure = "the line is dead";
        release.SetResult();

        var thrown = await Should.ThrowAsync<ServiceException>(() => StepsAsync(Pull(host)).WithTimeout("the failing pull"));
        thrown.Kind.ShouldBe(FailureKind.Unavailable);
        thrown.Message.ShouldContain("the line is dead");
        (await HealthAsync(host)).Description!.ShouldContain("the line is dead");

        failure = null;
        (await StepsAsync(Pull(host)).WithTimeout("the second pull"))[^1].ShouldBe(PullSteps.Ready);
    }

    [Fact]
    public async Task Get_UnknownOrOneTooMany_IsRefused()
    {
        PutByHand("other");
        using var host = Host();
        release.SetResult();
        await host.Prepare(TestModel.Id).Model.WithTimeout("the default model");

        var unknown = Should.Throw<ServiceException>(() => host.Get("nobody"));
        unknown.Kind.ShouldBe(FailureKind.NotFound);
        unknown.Message.ShouldContain("Known: tiny, other");
        Should.Throw<ServiceException>(() => host.Get("other")).Code.ShouldBe("MODEL_LIMIT");
    }

    [Fact]
    public async Task Get_OneTooMany_TakesThePlaceOfTheOneNotAskedForTheLongest_NeverOfTheDefault()
    {
        options.MaxLoadedModels = 3;
        foreach (var id in new[] { "first", "second", "third" })
        {
            PutByHand(id);
        }

        using var host = Host();
        release.SetResult();
        foreach (var id in new[] { TestModel.Id, "first", "second" })
        {
            await host.Prepare(id).Model.WithTimeout(id);
        }

        time.Advance(ModelHost.IdleTime / 2);
        host.Get("first").ShouldBe(model.Loaded);
        Should.Throw<ServiceException>(() => host.Get("third")).Code.ShouldBe("MODEL_LIMIT");
        time.Advance(ModelHost.IdleTime / 2);

        Should.Throw<ServiceException>(() => host.Get("third")).Code.ShouldBe("MODEL_NOT_READY");

        (host.Find(TestModel.Id) is null, host.Find("first") is null, host.Find("second") is null).ShouldBe((false, false, true));
        (await host.Prepare("third").Model.WithTimeout("the third model")).ShouldBe(model.Loaded);
    }

    /// <summary>As a stream does, which asks for its model once.</summary>
    [Fact]
    public async Task Get_AnotherModelWhileOneIsStillUsed_DoesNotTakeItsPlace()
    {
        options.MaxLoadedModels = 1;
        PutByHand("first");
        PutByHand("second");
        using var host = Host();
        using var queues = new ModelQueues(Options.Create(options), time);
        using var remote = new RemoteModels(Options.Create(options), time, NullLoggerFactory.Instance);
        release.SetResult();
        await host.Prepare("first").Model.WithTimeout("the first model");
        var used = await new EmbeddingModels(host, queues, remote).GetAsync("first", CancellationToken.None);

        time.Advance(ModelHost.IdleTime);
        await used.EmbedAsync(["a"], JobPriority.Passage, refuseWhenFull: false, CancellationToken.None).WithTimeout("the use");

        Should.Throw<ServiceException>(() => host.Get("second")).Code.ShouldBe("MODEL_LIMIT");
    }

    [Fact]
    public async Task Get_FilesThatDoNotLoad_FailWithTheEnginesReason()
    {
        PutByHand(TestModel.Id);
        using var host = Host((_, _) => throw new InvalidDataException("config.json: hidden_size is missing"));
        await Should.ThrowAsync<InvalidDataException>(() => host.Prepare(TestModel.Id).Model.WithTimeout("the load"));

        Should.Throw<ServiceException>(() => host.Get("")).Message.ShouldContain("hidden_size is missing");
        new ListModelsHandler(Store(), host, new RemoteModels(Options.Create(options), time, NullLoggerFactory.Instance), Pulls()).Handle().Models.Single().State.ShouldBe(ModelState.Failed);
    }

    [Fact]
    public async Task Prepare_ATimeLimitInsideEnds_IsAFailureThatCanBeRepeated()
    {
        PutByHand(TestModel.Id);
        var late = true;
        using var host = Host((_, _) => late ? throw new TaskCanceledException("a request took too long") : model.Loaded);

        await Should.ThrowAsync<ModelPullException>(() => host.Prepare(TestModel.Id).Model.WithTimeout("the late one"));
        Should.Throw<ServiceException>(() => host.Get("")).Code.ShouldBe("MODEL_FAILED");

        late = false;
        (await host.Prepare(TestModel.Id).Model.WithTimeout("the second one")).ShouldBe(model.Loaded);
    }

    private Task AdvanceUntilAsync(Task ended) => TestTimeout.EventuallyAsync(
        () =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(ended.IsCompleted);
        },
        "the wait's end");

    private void PutByHand(string id) => TestModel.Write(folder.File(id));

    private ModelStore Store() => new(folder.Path, TestModel.Catalog(ModelSourceKind.Npm), [fetcher], TimeProvider.System);

    private ModelPulls Pulls() => new(Store(), new ModelPinning(Store(), hub: null, allowFolders: false), new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));

    private PullModelHandler Pull(ModelHost host) => new(Store(), new ModelPinning(Store(), hub: null, allowFolders: false), Pulls(), host);

    private ModelHost Host(LoadModel? load = null) => new(
        Store(), load ?? ((_, _) => model.Loaded), Options.Create(options), time, NullLogger<ModelHost>.Instance);

    private static Task<HealthCheckResult> HealthAsync(ModelHost host) => new ModelHealthCheck(host).CheckHealthAsync(new HealthCheckContext());

    private static async Task<List<string>> StepsAsync(PullModelHandler pull, CancellationToken cancellationToken = default)
    {
        var steps = new List<string>();
        await foreach (var step in pull.HandleAsync(new PullTarget("", "", "", ""), cancellationToken))
        {
            steps.Add(step.Progress.Step);
        }

        return steps;
    }
}
