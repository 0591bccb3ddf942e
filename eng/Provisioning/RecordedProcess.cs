using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.Provisioning;

/// <summary>A process whose id was written down earlier, perhaps before a crash or a reboot.</summary>
public static class RecordedProcess
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The process whose id the file holds, if it still lives. The caller disposes it.</summary>
    public static Process? Find(string path) =>
        File.Exists(path) && int.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? Find(id, File.GetLastWriteTimeUtc(path))
            : null;

    /// <summary>The process with this id if it lives and was already there when the id was written down; a later one only inherited the number.</summary>
    public static Process? Find(int id, DateTime recordedAtUtc)
    {
        Process? process = null;
        try
        {
            process = Process.GetProcessById(id);
            if (!HasEnded(process) && process.StartTime.ToUniversalTime() <= recordedAtUtc + ClockTolerance)
            {
                return process;
            }
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended, or it is another user's and so not ours.
        }

        process?.Dispose();
        return null;
    }

    /// <summary>
    /// Whether the process has ended. Unlike <see cref="Process.HasExited"/> this is true as soon as it has, also for
    /// another's child that its parent (in a container often a slow process 1) has not yet collected.
    /// </summary>
    public static bool HasEnded(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return process.HasExited || (OperatingSystem.IsLinux() && IsZombie(process.Id));
    }

    /// <summary>Waits for the end of a process that need not be a child of this one.</summary>
    /// <returns>False when it had not ended within the time.</returns>
    public static async Task<bool> WaitForEndAsync(Process process, TimeSpan within, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!HasEnded(process))
        {
            if (TimeProvider.System.GetElapsedTime(began) > within)
            {
                return false;
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        return true;
    }

    /// <summary>The state stands behind the command's name, which may itself hold brackets (proc_pid_stat(5)).</summary>
    private static bool IsZombie(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart() is ['Z' or 'X', ..];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
