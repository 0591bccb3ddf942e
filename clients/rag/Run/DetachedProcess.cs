using System.Diagnostics;
using System.Globalization;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Run;

/// <summary>A process that goes on after this one: a session of its own, no terminal, its output in a log file.</summary>
internal static class DetachedProcess
{
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Starts it and returns its process; disposing that leaves it running. The log of the run before is kept as NAME.1.</summary>
    public static Process Start(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string workingDirectory, string logPath)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(logPath)!);
        if (File.Exists(logPath))
        {
            File.Move(logPath, logPath + ".1", overwrite: true);
        }

        List<string> command = OperatingSystem.IsWindows()
            ? ["cmd", "/c", program, .. arguments, ">", logPath, "2>&1"]
            : ["/bin/sh", "-c", "log=$1; shift; trap '' HUP; exec \"$@\" </dev/null >\"$log\" 2>&1", "rag", logPath, program, .. arguments];
        if (new MachineCommands().Find("setsid") is { } setsid)
        {
            command.Insert(0, setsid);
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = workingDirectory,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Asks the process to end, and kills it with all that it started when it has not within the time.</summary>
    /// <returns>False when it had to be killed.</returns>
    public static async Task<bool> StopAsync(Process process, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            await new MachineCommands().RunAsync("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)], environment: null, cancellationToken);
            if (await RecordedProcess.WaitForEndAsync(process, grace, cancellationToken))
            {
                return true;
            }
        }

        process.Kill(entireProcessTree: true);
        await RecordedProcess.WaitForEndAsync(process, KillTimeout, cancellationToken);
        return false;
    }

    /// <summary>The end of a log, for an error message.</summary>
    public static string LastLines(string logPath, int count) =>
        File.Exists(logPath) ? string.Join('\n', File.ReadLines(logPath).Where(line => line.Length > 0).TakeLast(count)) : "";
}
