using System.Threading.Channels;
using RagPlatform.AppHost.Local.Dcp;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>One start of a process, from its creation to its end.</summary>
internal sealed class ProcessRun(
    ManagedProcess process, int start, DcpClient dcp, ExecutableEvents events, ResourceBoard board, ResourceLog log, TimeProvider time)
{
    /// <summary>DCP keeps the log open after the end; by then everything written before it has long been read.</summary>
    private static readonly TimeSpan LogDrainTimeout = TimeSpan.FromMilliseconds(300);

    private ResourceCommand? askedFor;
    private Task? health;
    private Task? logs;

    /// <returns>The command that ended it; null when it died by itself.</returns>
    public async Task<ResourceCommand?> ToEndAsync(ChannelReader<ResourceCommand> commands, CancellationToken cancellationToken)
    {
        var executable = process.Translate(start);
        var name = executable.Metadata.Name;
        var statuses = events.Subscribe(name);
        using var alive = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var readable = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Update(current => current with { State = ResourceStates.Starting, IsHealthy = null, HealthDescription = "", ExitCode = null, StoppedAt = null });
        try
        {
            await dcp.AddExecutableAsync(executable, cancellationToken);
            for (var ended = false; !ended;)
            {
                await Task.WhenAny(statuses.WaitToReadAsync(cancellationToken).AsTask(), commands.WaitToReadAsync(cancellationToken).AsTask());
                cancellationToken.ThrowIfCancellationRequested();
                await ObeyAsync(name, commands, cancellationToken);
                while (!ended && statuses.TryRead(out var status))
                {
                    logs ??= ReadLogsAsync(name, readable.Token);
                    ended = Observe(status, alive.Token);
                }
            }

            readable.CancelAfter(LogDrainTimeout);
            await (logs ?? Task.CompletedTask);
            if (askedFor is null)
            {
                Update(current => current with { HealthDescription = log.LastError() });
            }

            await dcp.DeleteExecutableAsync(name, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            log.Remark($"DCP refused: {failure.Message}");
            Update(current => current with { State = ResourceStates.Exited, IsHealthy = null, HealthDescription = failure.Message });
        }
        finally
        {
            events.Unsubscribe(name);
            await alive.CancelAsync();
            await (health ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return askedFor;
    }

    private async Task ObeyAsync(string name, ChannelReader<ResourceCommand> commands, CancellationToken cancellationToken)
    {
        if (commands.TryRead(out var command) && command is not ResourceCommand.Start)
        {
            askedFor = command;
            Update(current => current with { State = ResourceStates.Stopping });
            await dcp.StopExecutableAsync(name, cancellationToken);
        }
    }

    /// <returns>True when it has ended.</returns>
    private bool Observe(ExecutableStatus status, CancellationToken alive)
    {
        if (status.IsRunning && health is null && askedFor is null)
        {
            Update(current => current with { State = ResourceStates.Running, ProcessId = status.Pid, StartedAt = time.GetUtcNow() });
            health = process.HealthUrl is { } url ? WatchHealthAsync(url, alive) : Task.CompletedTask;
        }
        else if (status.HasEnded)
        {
            Update(current => current with
            {
                State = ResourceStates.Exited,
                IsHealthy = null,
                HealthDescription = "",
                ProcessId = null,
                ExitCode = status.ExitCode,
                StoppedAt = time.GetUtcNow(),
            });
        }

        return status.HasEnded;
    }

    private Task WatchHealthAsync(Uri url, CancellationToken alive) => HealthProbe.WatchAsync(
        token => HealthProbe.HttpAsync(url, token),
        (isHealthy, description) => Update(current => current.IsRunning ? current with { IsHealthy = isHealthy, HealthDescription = description } : current),
        time,
        alive);

    private async Task ReadLogsAsync(string name, CancellationToken readable)
    {
        await Task.WhenAll(ReadAsync("stdout", isError: false), ReadAsync("stderr", isError: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        async Task ReadAsync(string source, bool isError)
        {
            await foreach (var line in dcp.ReadLogAsync(name, source, readable))
            {
                log.Append(line, isError);
            }
        }
    }

    private void Update(Func<ResourceSnapshot, ResourceSnapshot> change) => board.Update(process.Name, change);
}
