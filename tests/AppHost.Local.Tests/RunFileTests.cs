using System.Text.Json;
using RagPlatform.AppHost.Local.Running;
using RagPlatform.TestKit;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class RunFileTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task RunFile_OfAReadyRun_HoldsWhatProgramsNeed()
    {
        using var folder = new TestFolder();
        var run = await WriteAsync(folder, Service("gateway", healthy: true) with
        {
            ProcessId = 7, Endpoints = new Dictionary<string, string> { ["http"] = "http://127.0.0.1:1005" },
        });

        run.GetProperty("mode").GetString().ShouldBe("distributed");
        run.GetProperty("pid").GetInt32().ShouldBe(42);
        run.GetProperty("gateway").GetString().ShouldBe("http://127.0.0.1:1005");
        run.GetProperty("dashboard").GetString().ShouldBe("http://127.0.0.1:9000");
        run.GetProperty("otlp").GetString().ShouldBe("http://127.0.0.1:4317");
        run.GetProperty("rabbitmq").GetString().ShouldBe("amqp://localhost");
        run.GetProperty("apiKey").GetString().ShouldBe("key");
        run.GetProperty("ready").GetBoolean().ShouldBeTrue();
        var resource = run.GetProperty("resources").EnumerateArray().ShouldHaveSingleItem();
        resource.GetProperty("name").GetString().ShouldBe("gateway");
        resource.GetProperty("pid").GetInt32().ShouldBe(7);
        resource.GetProperty("state").GetString().ShouldBe("Running");
        resource.GetProperty("healthy").GetBoolean().ShouldBeTrue();
        resource.GetProperty("reason").GetString().ShouldBe("");
        resource.GetProperty("endpoints").GetProperty("http").GetString().ShouldBe("http://127.0.0.1:1005");
    }

    [Theory]
    [InlineData("Running", null)]
    [InlineData("Running", false)]
    [InlineData("Restarting", true)]
    public void RunFile_WithAServiceThatIsNotWell_IsNotReady(string state, bool? healthy)
    {
        var description = Describe([Service("gateway", healthy: true), Service("retrieval", healthy) with { State = state }]);

        description.Ready.ShouldBeFalse();
        description.Resources[1].Healthy.ShouldBeFalse();
    }

    [Fact]
    public async Task RunFile_WhileItLasts_IsItsOwnersAndWholeAndThenGone()
    {
        using var folder = new TestFolder();
        var path = folder.File("run.json");
        var board = new ResourceBoard();
        board.Add(Service("gateway", healthy: false));
        using var stop = new CancellationTokenSource();
        var writing = new RunFile(path, Describe).RunAsync(board, stop.Token);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(File.Exists(path)), "the first writing");

        board.Update("gateway", current => current with { IsHealthy = true });
        await TestTimeout.EventuallyAsync(() => Task.FromResult(JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("ready").GetBoolean()), "the change");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(writing.WithTimeout("the end"));
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    private static async Task<JsonElement> WriteAsync(TestFolder folder, ResourceSnapshot snapshot)
    {
        var board = new ResourceBoard();
        board.Add(snapshot);
        using var stop = new CancellationTokenSource();
        var writing = new RunFile(folder.File("run.json"), Describe).RunAsync(board, stop.Token);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(File.Exists(folder.File("run.json"))), "the first writing");
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(folder.File("run.json")));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(writing.WithTimeout("the end"));
        return document.RootElement.Clone();
    }

    private static RunDescription Describe(IReadOnlyList<ResourceSnapshot> snapshots) =>
        RunFile.Describe(snapshots, 42, "http://127.0.0.1:1005", "http://127.0.0.1:9000", AppHostModel.Addresses, "amqp://localhost", "key");

    private static ResourceSnapshot Service(string name, bool? healthy) => new(name, ResourceKind.Project, Now) { State = ResourceStates.Running, IsHealthy = healthy };
}
