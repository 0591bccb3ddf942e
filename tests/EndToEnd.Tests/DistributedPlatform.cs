using System.Diagnostics;
using Grpc.Net.Client;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>The distributed platform as AppHost.cs describes it: every service its own process, a real broker, the real dashboard.</summary>
public sealed class DistributedPlatform : IAsyncLifetime
{
    private const string ApiKey = "end-to-end-tests-key";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private TestFolder folder = null!;
    private PlatformProcess? host;

    internal RunFile Run => RunFile.TryRead(RunFilePath) ?? throw new InvalidOperationException("The platform does not run.");

    internal ForeignClient ForeignClient { get; private set; } = null!;

    internal string Key => ApiKey;

    internal string LogFile => folder.File("apphost.log");

    private string RunFilePath => folder.File("run.json");

    public async Task InitializeAsync()
    {
        if (new RequiresDistributedFactAttribute().Skip is not null)
        {
            return;
        }

        folder = new TestFolder();
        host = PlatformProcess.Start(
            "eng/AppHost.Local",
            ["--run-file", RunFilePath, "--gateway-port", "0", "--dashboard-port", "0"],
            new Dictionary<string, string>
            {
                ["Parameters__apikey"] = ApiKey,
                ["Data__Directory"] = folder.File("data"),
                ["Embedding__ModelsDirectory"] = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(RequiresModelFactAttribute.Folder))!,
            },
            LogFile);
        ForeignClient = await ForeignClient.InstallAsync();
        await WaitUntilReadyAsync();
    }

    internal Task WaitUntilReadyAsync() =>
        TestTimeout.EventuallyAsync(
            () => Task.FromResult(!host!.HasExited ? RunFile.TryRead(RunFilePath) is { Ready: true } : throw new InvalidOperationException($"The AppHost ended: {File.ReadAllText(LogFile)}")),
            "the distributed platform's start",
            StartLimit);

    internal Gateway Connect() => new(GrpcChannel.ForAddress(Run.Gateway), ApiKey);

    /// <summary>kill -9; the host starts it again by itself.</summary>
    internal async Task KillAsync(string service)
    {
        var before = Run.Resource(service).Pid.ShouldNotBeNull();
        using (var process = Process.GetProcessById(before))
        {
            process.Kill();
        }

        await TestTimeout.EventuallyAsync(
            () => Task.FromResult(Run.Resource(service) is { Healthy: true, Pid: { } now } && now != before),
            $"{service}'s restart",
            TimeSpan.FromSeconds(60));
    }

    public async Task DisposeAsync()
    {
        if (host is not null)
        {
            await host.StopAsync();
            host.Dispose();
            ForeignClient.Dispose();
            folder.Dispose();
        }
    }
}
