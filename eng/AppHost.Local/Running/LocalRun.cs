using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using RagPlatform.AppHost.Local.Dashboard;
using RagPlatform.AppHost.Local.Dcp;
using RagPlatform.Provisioning;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>One run of AppHost.cs: provides what it needs, starts everything, keeps it up, and ends it all together.</summary>
internal static class LocalRun
{
    /// <returns>0 when it was told to end, 1 when something cannot be had here, 2 when a setting is missing or wrong.</returns>
    public static async Task<int> RunAsync(Model model, IConfiguration configuration)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await RunAsync(model, configuration, Console.Out, TimeProvider.System, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 2;
        }
        catch (ProvisioningException missing)
        {
            await Console.Error.WriteLineAsync(missing.Message);
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task RunAsync(Model model, IConfiguration configuration, TextWriter output, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = LocalOptions.From(configuration);
        RunFile.Forget(options.RunFile);
        var parameters = Settings.Parameters(model, configuration);
        Settings.RequireBuilt(model);
        var progress = new SayProgress(output);
        var tools = await AspireTools.EnsureAsync(progress, cancellationToken);

        await using var servers = new Servers();
        var providing = servers.ProvideAsync(model, configuration, options, progress, cancellationToken);
        await using var dcp = await DcpServer.StartAsync(tools.DcpPath, cancellationToken);
        var ports = await Ports.ReserveAsync(model, options, dcp.Client, cancellationToken);
        await providing;
        var addresses = new Addresses(parameters, servers.ConnectionStrings, ports, $"http://127.0.0.1:{ports[DashboardProcess.Otlp]}");
        var frontend = $"http://127.0.0.1:{ports[DashboardProcess.Frontend]}";

        var board = new ResourceBoard();
        var logs = new ResourceLogs(time);
        var supervisors = new Supervisors();
        await using var resourceServer = await ResourceServer.StartAsync(board, logs, supervisors, cancellationToken);

        var events = new ExecutableEvents(dcp.Client);
        foreach (var snapshot in InitialSnapshots.Of(model, addresses, frontend, tools, time))
        {
            board.Add(snapshot);
        }

        foreach (var process in ManagedProcesses.Of(model, addresses).Prepend(DashboardProcess.Describe(tools.DashboardPath, frontend, resourceServer.Url, resourceServer.Key)))
        {
            supervisors.Add(new Supervisor(process, dcp.Client, events, board, logs[process.Name], time));
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> parts =
        [
            events.RunAsync(ending.Token),
            supervisors.RunAsync(ending.Token),
            servers.WatchAsync(board, time, ending.Token),
            Narration.RunAsync(board, output, frontend, ending.Token),
        ];
        if (options.RunFile is { } runFile)
        {
            var gateway = model.Projects
                .SelectMany(project => project.Endpoints.Where(endpoint => endpoint.IsExternal).Select(endpoint => addresses.Url(project.Name, endpoint.Name)))
                .FirstOrDefault();
            parts.Add(new RunFile(runFile, snapshots => RunFile.Describe(
                snapshots, Environment.ProcessId, gateway, frontend, addresses,
                addresses.ConnectionStrings.GetValueOrDefault("rabbitmq"), parameters.GetValueOrDefault("apikey"))).RunAsync(board, ending.Token));
        }

        // None of them ends by itself: the first to end has failed, or was told to.
        var first = await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await output.WriteLineAsync("Stopping.");
        await first;
    }
}
