using Aspire.Hosting.ApplicationModel;
using RagPlatform.AppHost.Local.Dcp;
using RagPlatform.AppHost.Local.Running;
using RagPlatform.TestKit;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class SupervisorTests : IAsyncLifetime
{
    private readonly CancellationTokenSource stop = new();
    private readonly ResourceBoard board = new();
    private readonly ResourceLogs logs = new(TimeProvider.System);
    private readonly Supervisors supervisors = new();
    private FakeDcp dcp = null!;
    private Task running = Task.CompletedTask;

    public async Task InitializeAsync() => dcp = await FakeDcp.StartAsync();

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await dcp.DisposeAsync();
        stop.Dispose();
    }

    [Fact]
    public async Task Process_KilledFromOutside_IsStartedAgainAndCounted()
    {
        Run(new("gateway", Translate("gateway"), [], HealthUrl: null));
        await ReachesAsync("gateway", snapshot => snapshot is { IsRunning: true, ProcessId: 4711 });

        dcp.End("gateway-1", exitCode: -1);

        await ReachesAsync("gateway", snapshot => snapshot is { IsRunning: true, Restarts: 1 });
        dcp.Created.ShouldBe(["gateway-1", "gateway-2"]);
    }

    [Fact]
    public async Task Process_Restarted_KeepsItsLog()
    {
        Run(new("gateway", Translate("gateway"), [], HealthUrl: null));
        await ReachesAsync("gateway", snapshot => snapshot.IsRunning);
        dcp.End("gateway-1", exitCode: 3);
        await ReachesAsync("gateway", snapshot => snapshot is { IsRunning: true, Restarts: 1 });

        var lines = new List<string>();
        await foreach (var news in logs["gateway"].ReadAsync(follow: true, stop.Token))
        {
            lines.AddRange(news.Select(line => line.Text));
            if (lines.Count == 3)
            {
                break;
            }
        }

        lines[0].ShouldEndWith("gateway-1 says hello");
        lines[1].ShouldContain("It died unexpectedly and is started again");
        lines[2].ShouldEndWith("gateway-2 says hello");
    }

    [Fact]
    public async Task Process_StoppedByCommand_StaysStoppedUntilTheNext()
    {
        Run(new("gateway", Translate("gateway"), [], HealthUrl: null));
        await ReachesAsync("gateway", snapshot => snapshot.IsRunning);

        supervisors.Command("gateway", ResourceCommand.Stop).ShouldBeNull();
        await ReachesAsync("gateway", snapshot => snapshot is { State: ResourceStates.Exited, ExitCode: 0 });
        dcp.Created.ShouldBe(["gateway-1"]);

        supervisors.Command("gateway", ResourceCommand.Start).ShouldBeNull();
        await ReachesAsync("gateway", snapshot => snapshot is { IsRunning: true, Restarts: 0 });
    }

    [Fact]
    public async Task Process_ThatNeedsAHealthyOne_WaitsForItsHealth()
    {
        var retrieval = new ProjectResource("retrieval", new Projects.Retrieval());
        board.Add(Snapshot("retrieval") with { State = ResourceStates.Running, IsHealthy = false });
        Run(new("gateway", Translate("gateway"), [new Dependency(retrieval, UntilHealthy: true)], HealthUrl: null));
        board.Snapshots.Single(snapshot => snapshot.Name == "gateway").State.ShouldBe(ResourceStates.Waiting);
        dcp.Created.ShouldBeEmpty();

        board.Update("retrieval", current => current with { IsHealthy = true });

        await ReachesAsync("gateway", snapshot => snapshot.IsRunning);
    }

    [Fact]
    public void Command_ForWhatIsNoProcess_SaysSo()
    {
        supervisors.Command("rabbitmq", ResourceCommand.Stop).ShouldBe("'rabbitmq' is not a process of this run.");
    }

    private void Run(ManagedProcess process)
    {
        var events = new ExecutableEvents(dcp.Client);
        board.Add(Snapshot(process.Name));
        supervisors.Add(new Supervisor(process, dcp.Client, events, board, logs[process.Name], TimeProvider.System));
        running = Task.WhenAll(events.RunAsync(stop.Token), supervisors.RunAsync(stop.Token));
    }

    private Task ReachesAsync(string name, Func<ResourceSnapshot, bool> condition) =>
        board.WaitAsync(name, condition, stop.Token).WithTimeout($"{name}'s state");

    private static ResourceSnapshot Snapshot(string name) => new(name, ResourceKind.Project, DateTimeOffset.UnixEpoch);

    private static Func<int, DcpObject<ExecutableSpec, ExecutableStatus>> Translate(string name) =>
        start => Translator.Executable(name, start, "program", "folder", [], new Dictionary<string, string>(), []);
}
