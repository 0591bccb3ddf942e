using System.Diagnostics;
using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Commands;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Run;

/// <summary>The models of this user, shared by all runs and test runs: each pulled once.</summary>
internal static class ModelCache
{
    public const string DefaultModel = "all-MiniLM-L6-v2";

    private static readonly TimeSpan AliveTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

    /// <summary>Holds a folder for each model, whole or absent.</summary>
    public static string Directory =>
        Environment.GetEnvironmentVariable("Embedding__ModelsDirectory") is { Length: > 0 } chosen ? Path.GetFullPath(chosen) : Path.Combine(CacheFolder.Path, "models");

    /// <summary>The folder of the default model; when it is not there, a platform of its own is started for as long as the pull takes.</summary>
    public static async Task<string> EnsureAsync(Session session, Checkout checkout, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Directory, DefaultModel);
        if (!System.IO.Directory.Exists(folder))
        {
            await session.ShowAsync($"Pulling the model {DefaultModel} (once per user).", report => PullAsync(session, checkout, report, cancellationToken));
        }

        return folder;
    }

    private static async Task PullAsync(Session session, Checkout checkout, Action<string> report, CancellationToken cancellationToken)
    {
        var program = checkout.FindProgram("services/Standalone", "RagPlatform.Standalone");
        var data = System.IO.Directory.CreateTempSubdirectory("ragplatform-pull-");
        var ports = LoopbackPorts.FindFree(2);
        var logPath = Path.Combine(data.FullName, "standalone.log");
        try
        {
            using var process = DetachedProcess.Start(
                Environment.ProcessPath!,
                [program],
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Data__Directory"] = data.FullName,
                    ["Embedding__ModelsDirectory"] = Directory,
                    ["GRPC_PORT"] = ports[0].ToString(CultureInfo.InvariantCulture),
                    ["HEALTH_PORT"] = ports[1].ToString(CultureInfo.InvariantCulture),
                },
                Path.GetDirectoryName(program)!,
                logPath);
            try
            {
                await HealthPage.WaitAsync(new Uri($"http://127.0.0.1:{ports[1]}/alive"), process, logPath, AliveTimeout, cancellationToken);
                using var client = new RagClient(new RagClientOptions { Address = new Uri($"http://127.0.0.1:{ports[0]}"), ApiKey = ConnectionOptions.DevelopmentKey });
                await ModelPull.EnsureAsync(session, client, report, cancellationToken);
            }
            finally
            {
                await DetachedProcess.StopAsync(process, StopGrace, CancellationToken.None);
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }
}
