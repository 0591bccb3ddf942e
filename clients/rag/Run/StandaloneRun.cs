using System.Diagnostics;
using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Commands;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Run;

/// <summary>All services in one process, with the dashboard beside it.</summary>
internal static class StandaloneRun
{
    private const int GatewayPort = 7600;

    private static readonly TimeSpan AliveTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HealthyTimeout = TimeSpan.FromMinutes(2);

    public static async Task<RunState> StartAsync(Session session, Checkout checkout, CancellationToken cancellationToken)
    {
        var program = checkout.FindProgram("services/Standalone", "RagPlatform.Standalone");
        var gatewayPort = PortChoice.FreeFrom(session, GatewayPort, "The gateway");
        var healthPort = PortChoice.FreeFrom(session, gatewayPort + 1, what: null);
        using var dashboard = await Dashboard.TryStartAsync(session, checkout, cancellationToken);
        var logPath = Path.Combine(checkout.LogDirectory, "standalone.log");
        using var process = DetachedProcess.Start(
            Environment.ProcessPath!, [program], EnvironmentOf(checkout, gatewayPort, healthPort, dashboard?.Otlp), Path.GetDirectoryName(program)!, logPath);
        var run = new RunState(
            RunState.Standalone,
            process.Id,
            new Uri($"http://127.0.0.1:{gatewayPort}"),
            dashboard?.Address,
            dashboard?.Otlp,
            Rabbitmq: null,
            ConnectionOptions.DevelopmentKey,
            Ready: false,
            [new RunResource("ragplatform", process.Id, "Starting"), .. dashboard is null ? (RunResource[])[] : [new RunResource("dashboard", dashboard.Process.Id, "Running")]]);
        RunFile.Write(checkout.RunFilePath, run);

        try
        {
            await session.ShowAsync("Starting the platform.", async report =>
            {
                var health = new Uri($"http://127.0.0.1:{healthPort}");
                await HealthPage.WaitAsync(new Uri(health, "alive"), process, logPath, AliveTimeout, cancellationToken);
                using (var client = new RagClient(new RagClientOptions { Address = run.Gateway!, ApiKey = ConnectionOptions.DevelopmentKey }))
                {
                    await ModelPull.EnsureAsync(session, client, report, cancellationToken);
                }

                report("Waiting until every service is ready.");
                await HealthPage.WaitAsync(new Uri(health, "health"), process, logPath, HealthyTimeout, cancellationToken);
            });
        }
        catch
        {
            await PlatformStop.StopAsync(checkout, static _ => { }, CancellationToken.None);
            throw;
        }

        var ready = run with { Ready = true, Resources = [.. run.Resources!.Select(resource => resource with { State = "Running", Healthy = true })] };
        RunFile.Write(checkout.RunFilePath, ready);
        return ready;
    }

    private static Dictionary<string, string> EnvironmentOf(Checkout checkout, int gatewayPort, int healthPort, Uri? otlp)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Directory"] = checkout.DataDirectory,
            ["GRPC_PORT"] = gatewayPort.ToString(CultureInfo.InvariantCulture),
            ["Embedding__ModelsDirectory"] = ModelCache.Directory,
            ["FineTuneJobs__ModelsDirectory"] = ModelCache.Directory,
            ["HEALTH_PORT"] = healthPort.ToString(CultureInfo.InvariantCulture),
        };
        if (otlp is not null)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlp.OriginalString;
        }

        return environment;
    }
}
