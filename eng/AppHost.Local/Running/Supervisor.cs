using System.Threading.Channels;
using RagPlatform.AppHost.Local.Dcp;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>Something that DCP runs for us and that is to stay up.</summary>
/// <param name="Name">The resource.</param>
/// <param name="Translate">From the number of the start, beginning with 1, to DCP's executable.</param>
/// <param name="Dependencies">Who comes first.</param>
/// <param name="HealthUrl">Answers 2xx when it is ready; null: ready as soon as it runs.</param>
internal sealed record ManagedProcess(
    string Name, Func<int, DcpObject<ExecutableSpec, ExecutableStatus>> Translate, IReadOnlyList<Dependency> Dependencies, Uri? HealthUrl);

internal enum ResourceCommand
{
    Start,
    Stop,
    Restart,
}

/// <summary>Keeps one process up: waits for whom it needs, starts it, watches its health, starts it again when it dies.</summary>
internal sealed class Supervisor(
    ManagedProcess process, DcpClient dcp, ExecutableEvents events, ResourceBoard board, ResourceLog log, TimeProvider time)
{
    private readonly Channel<ResourceCommand> commands = Channel.CreateBounded<ResourceCommand>(4);

    public string Name => process.Name;

    /// <returns>False: four earlier commands are still waiting.</returns>
    public bool TryCommand(ResourceCommand command) => commands.Writer.TryWrite(command);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var dependency in process.Dependencies)
        {
            await board.WaitAsync(
                dependency.Resource.Name, other => dependency.UntilHealthy ? other.IsReady : other.IsRunning, cancellationToken);
        }

        var policy = new RestartPolicy(time);
        for (var start = 1; ; start++)
        {
            var run = new ProcessRun(process, start, dcp, events, board, log, time);
            var askedFor = await run.ToEndAsync(commands.Reader, cancellationToken);
            if (askedFor is ResourceCommand.Restart)
            {
                continue;
            }

            if (askedFor is ResourceCommand.Stop || !await RestartLaterAsync(policy, cancellationToken))
            {
                await StartCommandAsync(cancellationToken);
                policy = new RestartPolicy(time);
            }
        }
    }

    /// <returns>False when it is to stay down: restarted too often, or stopped meanwhile.</returns>
    private async Task<bool> RestartLaterAsync(RestartPolicy policy, CancellationToken cancellationToken)
    {
        if (policy.Next() is not { } delay)
        {
            log.Remark($"It died {RestartPolicy.MaxRestarts + 1} times in {RestartPolicy.Window.TotalMinutes:0} minutes and is left so. Read the lines above; start it from the dashboard.");
            board.Update(Name, current => current with { State = ResourceStates.FailedToStart });
            return false;
        }

        log.Remark($"It died unexpectedly and is started again in {delay.TotalSeconds:0.##} s.");
        board.Update(Name, current => current with { State = ResourceStates.Restarting, Restarts = current.Restarts + 1 });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(delay);
        try
        {
            if (await commands.Reader.ReadAsync(limit.Token) is ResourceCommand.Stop)
            {
                board.Update(Name, current => current with { State = ResourceStates.Exited });
                return false;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The delay is over.
        }

        return true;
    }

    private async Task StartCommandAsync(CancellationToken cancellationToken)
    {
        while (await commands.Reader.ReadAsync(cancellationToken) is ResourceCommand.Stop)
        {
            // It is stopped already.
        }
    }
}
