using System.Diagnostics;
using System.Security.Cryptography;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Run;

/// <summary>Every service its own process with RabbitMQ between them: AppHost.cs, run by eng/AppHost.Local.</summary>
internal static class DistributedRun
{
    private const int GatewayPort = 7600;

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static async Task<RunState> StartAsync(Session session, Checkout checkout, CancellationToken cancellationToken)
    {
        var program = checkout.FindProgram("eng/AppHost.Local", "RagPlatform.AppHost.Local");
        var broker = await session.ShowAsync("Looking for a broker.", report => Broker.ProvideAsync(
            new BrokerOptions { DataDirectory = checkout.BrokerDirectory, OutlivesCaller = true },
            new Progress<ProvisioningProgress>(progress => report(progress.Message)),
            cancellationToken));
        session.Note($"Broker: {broker.Description}");
        try
        {
            return await StartAsync(session, checkout, program, broker.ConnectionString, cancellationToken);
        }
        catch
        {
            await PlatformStop.StopAsync(checkout, static _ => { }, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Waits for a run that another command has started.</summary>
    public static async Task<RunState> WaitUntilReadyAsync(Session session, Checkout checkout, RunState run, CancellationToken cancellationToken)
    {
        using var process = RecordedProcess.Find(run.Pid, File.GetLastWriteTimeUtc(checkout.RunFilePath))
            ?? throw new CommandException("the AppHost has just ended.", $"Start it again: {session.CommandName} up --distributed");
        var logPath = LogPath(checkout);
        return await session.ShowAsync("Waiting for the services.", report => WaitUntilReadyAsync(checkout, process, logPath, report, cancellationToken));
    }

    private static string LogPath(Checkout checkout) => Path.Combine(checkout.LogDirectory, "apphost.log");

    private static async Task<RunState> StartAsync(Session session, Checkout checkout, string program, Uri broker, CancellationToken cancellationToken)
    {
        var gatewayPort = PortChoice.FreeFrom(session, GatewayPort, "The gateway");
        var dashboardPort = PortChoice.FreeFrom(session, Dashboard.DefaultPort, "The dashboard");
        var logPath = LogPath(checkout);
        Directory.CreateDirectory(checkout.DataDirectory);
        File.Delete(checkout.RunFilePath);
        using var process = DetachedProcess.Start(
            Environment.ProcessPath!,
            [program, "--run-file", checkout.RunFilePath, "--gateway-port", $"{gatewayPort}", "--dashboard-port", $"{dashboardPort}"],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__rabbitmq"] = broker.AbsoluteUri,
                ["Parameters__apikey"] = ApiKey(Path.Combine(checkout.DataDirectory, "distributed", "api-key")),
                ["Embedding__ModelsDirectory"] = ModelCache.Directory,
                ["FineTuneJobs__ModelsDirectory"] = ModelCache.Directory,
                ["Data__Directory"] = Path.Combine(checkout.DataDirectory, "distributed"),
            },
            checkout.Root,
            logPath);
        return await session.ShowAsync("Starting the services.", report => WaitUntilReadyAsync(checkout, process, logPath, report, cancellationToken));
    }

    private static async Task<RunState> WaitUntilReadyAsync(Checkout checkout, Process process, string logPath, Action<string> report, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < ReadyTimeout)
        {
            if (RecordedProcess.HasEnded(process))
            {
                throw new CommandException($"the AppHost ended while starting:\n{DetachedProcess.LastLines(logPath, 8)}", $"Its log: {logPath}");
            }

            if (RunFile.Read(checkout.RunFilePath) is { } run)
            {
                if (run is { Ready: true, Gateway: not null })
                {
                    return run;
                }

                report($"Starting the services: {string.Join(", ", (run.Resources ?? []).Select(resource => $"{resource.Name} {resource.State.ToLowerInvariant()}"))}.");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new CommandException($"the services were not ready after {ReadyTimeout.TotalMinutes:0} minutes.", $"The log: {logPath}");
    }

    /// <summary>Made once, readable by this user alone.</summary>
    private static string ApiKey(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, options);
            file.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
        }

        return File.ReadAllText(path).Trim();
    }
}
