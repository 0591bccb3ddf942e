using RagPlatform.Bench.Engines.Crash;

namespace RagPlatform.Search.Tests;

/// <summary>The short form of bench/results/crash.md.</summary>
public sealed class CollectionIndexKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ragplatform-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task State_AfterKillsAtRandomMoments_IsWhatWasAcknowledged()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));

        var result = await CrashRun.RunAsync(_folder, rounds: 5, seed: 1, limit.Token);

        result.Failures.ShouldBeEmpty();
        result.Comparisons.ShouldBeGreaterThan(3);
        result.Operations.ShouldBeGreaterThan(100);
    }
}
