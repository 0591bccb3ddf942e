using System.Diagnostics;

namespace RagPlatform.FineTuneJobs.Tests.Support;

/// <summary>The processes of a job, as the system sees them: all that have its folder in their environment.</summary>
internal static class JobProcesses
{
    public static IReadOnlyList<int> Of(string folder) =>
        [.. Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0).Where(id => id > 0 && Has(id, folder))];

    /// <summary>The worker, which is started with the folder as its argument; null when there is none.</summary>
    public static int? Worker(string folder) => Of(folder).Cast<int?>().FirstOrDefault(id => Read($"/proc/{id}/cmdline").Contains("train-worker", StringComparison.Ordinal));

    /// <summary>As kill -9 does, without its children.</summary>
    public static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: false);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool Has(int id, string folder) => Read($"/proc/{id}/environ").Split('\0').Contains($"RAG_JOB_FOLDER={folder}") && !Read($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal);

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
