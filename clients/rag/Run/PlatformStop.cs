using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Run;

/// <summary>Ends a run: asks first, kills what does not listen, in bounded time.</summary>
internal static class PlatformStop
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <returns>False when nothing ran.</returns>
    public static async Task<bool> StopAsync(Checkout checkout, Action<string> report, CancellationToken cancellationToken)
    {
        var stopped = false;
        var path = checkout.RunFilePath;
        if (RunFile.Read(path) is { } run)
        {
            var recordedAt = File.GetLastWriteTimeUtc(path);
            stopped |= await StopAsync($"the {run.Mode} platform", run.Pid, recordedAt, report, cancellationToken);
            foreach (var resource in run.Resources ?? [])
            {
                // Children of a distributed run end with it; these are what remains, and the dashboard of a standalone one.
                if (resource.Pid is { } pid && pid != run.Pid)
                {
                    stopped |= await StopAsync(resource.Name, pid, recordedAt, report, cancellationToken);
                }
            }
        }

        if (Directory.Exists(checkout.BrokerDirectory))
        {
            report("Stopping the broker.");
            stopped |= await Broker.StopAsync(checkout.BrokerDirectory, cancellationToken);
        }

        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return stopped;
    }

    private static async Task<bool> StopAsync(string name, int pid, DateTime recordedAt, Action<string> report, CancellationToken cancellationToken)
    {
        using var process = RecordedProcess.Find(pid, recordedAt);
        if (process is null)
        {
            return false;
        }

        report($"Stopping {name} (process {pid}).");
        await DetachedProcess.StopAsync(process, Grace, cancellationToken);
        return true;
    }
}
