using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Adapters;

public sealed class TooLargeAdapterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
