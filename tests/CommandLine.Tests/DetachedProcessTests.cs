using RagPlatform.CommandLine.Run;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class DetachedProcessTests : IDisposable
{
    private readonly TestFolder folder = new();

    private string LogPath => folder.File("logs/program.log");

    public void Dispose() => folder.Dispose();

    [UnixFact]
    public async Task Start_WritesToItsLog_AndKeepsTheOneBefore()
    {
        foreach (var word in new[] { "first", "second" })
        {
            using var process = Start($"echo \"$WORD {word}\"; echo mistake >&2");
            await process.WaitForExitAsync().WithTimeout("the process");
        }

        File.ReadAllText(LogPath).ShouldBe("said second\nmistake\n");
        File.ReadAllText(LogPath + ".1").ShouldBe("said first\nmistake\n");
        DetachedProcess.LastLines(LogPath, 1).ShouldBe("mistake");
    }

    [UnixFact]
    public async Task Stop_ProcessListens_EndsInOrder()
    {
        using var process = Start("trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done");
        await UpAsync();

        (await DetachedProcess.StopAsync(process, TimeSpan.FromSeconds(10), CancellationToken.None)).ShouldBeTrue();

        File.ReadAllText(LogPath).ShouldEndWith("bye\n");
    }

    [UnixFact]
    public async Task Stop_ProcessDoesNotListen_IsKilledInBoundedTime()
    {
        using var process = Start("trap '' TERM; echo up; while :; do sleep 0.05; done");
        await UpAsync();

        (await DetachedProcess.StopAsync(process, TimeSpan.FromMilliseconds(300), CancellationToken.None).WithTimeout("the stop")).ShouldBeFalse();

        RagPlatform.Provisioning.RecordedProcess.HasEnded(process).ShouldBeTrue();
    }

    private Task UpAsync() => TestTimeout.EventuallyAsync(() => Task.FromResult(File.Exists(LogPath) && File.ReadAllText(LogPath) == "up\n"), "the process's start");

    private System.Diagnostics.Process Start(string script) => DetachedProcess.Start(
        "/bin/sh", ["-c", script], new Dictionary<string, string>(StringComparer.Ordinal) { ["WORD"] = "said" }, folder.Path, LogPath);

    private sealed class UnixFactAttribute() : RequiresFactAttribute(!OperatingSystem.IsWindows(), "signals are Unix's");
}
