using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Adapters;

/// <summary>Registrations that do not go the usual way.</summary>
public sealed class UnusualRegistrationTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Register_AgainAfterACrashDuringWhichItWasJudged_ExaminesIt()
    {
        using var host = new AdapterHost(_folder.Path);
        var (registry, finished, opened) = (host.Get<AdapterRegistry>(), host.Finished("ftjob-one"), new TaskCompletionSource());
        host.Loader.Opened = opened.Task;
        using var crash = new CancellationTokenSource();
        var registering = registry.RegisterAsync(finished, crash.Token);
        var id = AdapterFolders.IdOf(AdapterHost.Tenant, "ftjob-one");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Get<AdapterCatalog>().Has(AdapterHost.Tenant, id)), "the adapter is there");
        (await registry.JudgeAsync(AdapterHost.Actor, id, evidence: null, CancellationToken.None).WithTimeout("the judgement")).State.ShouldBe(AdapterState.Candidate);
        await crash.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => registering.WithTimeout("the registration"));
        opened.SetResult();

        (await registry.RegisterAsync(finished, CancellationToken.None).WithTimeout("the second registration")).State.ShouldBe(AdapterState.Promotable);
    }

    [Fact]
    public async Task Register_LargerThanTheMemoryForAdapters_IsACandidateThatNamesTheLimit_AndPushesNobodyOut()
    {
        using var host = new AdapterHost(_folder.Path, settings: ("FineTuneJobs:Serving:MaxLoadedBytes", $"{16 * 1024 * 1024}"));
        await host.RegisterAsync();
        var finished = host.Finished("ftjob-large");
        using (var file = File.Create(Path.Combine(finished.ResultFolder, "weights")))
        {
            file.SetLength(17 * 1024 * 1024);
        }

        var adapter = await host.Get<AdapterRegistry>().RegisterAsync(finished, CancellationToken.None).WithTimeout("the registration");

        adapter.State.ShouldBe(AdapterState.Candidate);
        adapter.Gate!.Checks.Single(check => check.Name == "smoke_prediction").Explanation.ShouldContain("MaxLoadedBytes");
        host.Loader.Freed.ShouldBeEmpty();
    }
}
