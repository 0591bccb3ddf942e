using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.Provisioning;

/// <summary>A process whose id was written down earlier, perhaps before a crash or a reboot.</summary>
public static class RecordedProcess
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

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
            if (!process.HasExited && process.StartTime.ToUniversalTime() <= recordedAtUtc + ClockTolerance)
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
}
