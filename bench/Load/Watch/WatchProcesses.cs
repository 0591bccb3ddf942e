using System.Diagnostics;
using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Bench.Load.Watch;

/// <summary>The whole platform in one process, and <c>rag watch</c> in another, as built in Release.</summary>
/// <param name="models">The folder of models.</param>
/// <param name="data">The platform's.</param>
/// <param name="folder">That is watched.</param>
/// <param name="collection">That should equal it.</param>
internal sealed class WatchProcesses(string models, string data, string folder, string collection) : IDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(2);

    private readonly int port = ServiceProcess.FreePort();
    private Process? platform;
    private Process? watch;

    public string Gateway => $"http://127.0.0.1:{port}";

    /// <summary>That rag watch told as failed or in trouble.</summary>
    public List<string> Complaints { get; } = [];

    public async Task StartPlatformAsync(Target target)
    {
        platform = ServiceProcess.Start("Standalone", port, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Directory"] = data, ["Embedding__ModelsDirectory"] = models, ["Logging__LogLevel__Default"] = "Error",
        });
        for (var begin = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            try
            {
                await target.Gateway.GetStatusAsync(new GetStatusRequest(), target.Headers);
                return;
            }
            catch (RpcException) when (!platform.HasExited && Stopwatch.GetElapsedTime(begin) < ReadyTimeout)
            {
                // Not yet.
            }
        }
    }

    public void StartWatch()
    {
        var program = Path.GetFullPath("clients/rag/bin/Release/net10.0/rag.dll");
        var start = new ProcessStartInfo("dotnet", [program, "watch", folder, "--collection", collection, "--gateway", Gateway, "--key", "dev", "--json"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        watch = Process.Start(start)!;
        watch.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && (text.Contains("\"failed\"", StringComparison.Ordinal) || text.Contains("\"trouble\"", StringComparison.Ordinal)))
            {
                lock (Complaints)
                {
                    Complaints.Add(text);
                }
            }
        };
        watch.ErrorDataReceived += (_, _) => { };
        watch.BeginOutputReadLine();
        watch.BeginErrorReadLine();
    }

    /// <summary>As kill -9 does.</summary>
    public void KillWatch() => Kill(ref watch);

    /// <inheritdoc cref="KillWatch"/>
    public void KillPlatform() => Kill(ref platform);

    public void Dispose()
    {
        Kill(ref watch);
        Kill(ref platform);
    }

    private static void Kill(ref Process? process)
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }
}
