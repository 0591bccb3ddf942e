using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.CommandLine.Tests;

/// <summary>rag up where something runs already, played by a process that only lives.</summary>
public sealed class UpTests : IAsyncLifetime
{
    private readonly CommandLineFixture rag = new();
    private readonly Process platform = Process.Start(OperatingSystem.IsWindows() ? new ProcessStartInfo("ping", ["-n", "100", "127.0.0.1"]) : new ProcessStartInfo("sleep", ["100"]))!;

    public Task InitializeAsync() => rag.InitializeAsync();

    public async Task DisposeAsync()
    {
        platform.Kill();
        platform.Dispose();
        await rag.DisposeAsync();
    }

    [Theory]
    [InlineData("distributed", false)]
    [InlineData("distributed", true)]
    [InlineData("standalone", false)]
    public async Task Up_AnotherModeRuns_RefusesAndLeavesItAlone(string mode, bool isReady)
    {
        WriteRun(mode, isReady);

        var ran = await rag.RunAsync(["up", .. mode == "standalone" ? (string[])["--distributed"] : []]);

        ran.ExitCode.ShouldBe(ExitCode.Failed);
        ran.Err.ShouldContain($"the platform already runs, {mode}.");
        platform.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task Up_AServiceOfTheDistributedRunIsDown_WaitsForItAndStopsNothing()
    {
        WriteRun("distributed", isReady: false);
        var running = rag.RunAsync("up", "--distributed", "--json");
        running.IsCompleted.ShouldBeFalse();

        WriteRun("distributed", isReady: true);

        var ran = await running;
        ran.ExitCode.ShouldBe(ExitCode.Ok);
        ran.Json.GetProperty("ready").GetBoolean().ShouldBeTrue();
        platform.HasExited.ShouldBeFalse();
    }

    private void WriteRun(string mode, bool isReady)
    {
        var folder = Directory.CreateDirectory(rag.Folder.File("data")).FullName;
        var content = $$"""{"mode":"{{mode}}","pid":{{platform.Id.ToString(CultureInfo.InvariantCulture)}},"gateway":"http://127.0.0.1:1","apiKey":"key","ready":{{(isReady ? "true" : "false")}},"resources":[]}""";
        File.WriteAllText(Path.Combine(folder, "new.json"), content);
        File.Move(Path.Combine(folder, "new.json"), Path.Combine(folder, "run.json"), overwrite: true);
    }
}
