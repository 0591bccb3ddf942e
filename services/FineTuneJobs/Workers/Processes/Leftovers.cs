using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace RagPlatform.FineTuneJobs.Workers.Processes;

/// <summary>
/// Processes of a job that outlived their worker: a program that does not end when its input closes, or one that left the
/// worker's tree. They are known by the variable that all of a job's processes inherit. Where there is no /proc to read it from,
/// the end of a worker's tree must do.
/// </summary>
internal static class Leftovers
{
    /// <summary>Ends them, and waits a moment for it. Only for who owns the job, and has no worker of it.</summary>
    public static void End(string folder)
    {
        foreach (var process in Find(folder))
        {
            using (process)
            {
                try
                {
                    process.Kill(entireProcessTree: true);
                    process.WaitForExit(TimeSpan.FromSeconds(5));
                }
                catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
                {
                    // It has just ended.
                }
            }
        }
    }

    /// <summary>To be disposed by the caller.</summary>
    internal static IReadOnlyList<Process> Find(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var entry = Encoding.UTF8.GetBytes($"{WorkerCommand.FolderVariable}={folder}");
        return [.. Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => int.TryParse(name, out var id) && id != Environment.ProcessId && Has(name, entry)).Select(TryOpen).OfType<Process>()];
    }

    private static bool Has(string id, byte[] entry)
    {
        try
        {
            var environment = File.ReadAllBytes($"/proc/{id}/environ").AsSpan();
            foreach (var range in environment.Split((byte)0))
            {
                if (environment[range].SequenceEqual(entry))
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return false;
        }
    }

    private static Process? TryOpen(string id)
    {
        try
        {
            return Process.GetProcessById(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
