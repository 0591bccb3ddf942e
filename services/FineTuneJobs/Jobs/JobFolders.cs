using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>A job's folder: checkpoints, the adapter in the making, and what its worker is told.</summary>
public sealed class JobFolders(IOptions<FineTuneJobsOptions> options)
{
    private string Root => Path.Combine(options.Value.Root, "jobs");

    /// <param name="jobId">One that this service made.</param>
    public string Of(string jobId) => Path.Combine(Root, Path.GetFileName(jobId));

    /// <summary>With all that is in it.</summary>
    /// <returns>False when it cannot be deleted now, such as files that a container's program wrote; it goes when a service starts.</returns>
    public bool Delete(string jobId)
    {
        var folder = Of(jobId);
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return !Directory.Exists(folder);
        }
    }

    /// <summary>Ids of jobs that have a folder.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(Root) ? [.. new DirectoryInfo(Root).EnumerateDirectories().Select(folder => folder.Name)] : [];
}
