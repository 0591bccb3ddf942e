using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>
/// This process among those that share a folder: a file that it keeps locked for as long as it lives. The operating system takes
/// the lock back however a process ends, so that one that is dead is known at once, and one that is only slow is never taken for dead.
/// </summary>
public sealed class ProcessLease : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;

    public ProcessLease(IOptions<FineTuneJobsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _folder = Path.Combine(options.Value.Root, "services");
        Directory.CreateDirectory(_folder);
        Id = $"{Environment.ProcessId}-{Guid.NewGuid():N}";
        _lock = new FileStream(FileOf(Id), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
    }

    /// <summary>Of this process.</summary>
    public string Id { get; }

    /// <summary>Whether the process of that lease still runs. One that is found dead leaves no file behind.</summary>
    public bool IsAlive(string id)
    {
        if (id == Id)
        {
            return true;
        }

        var file = FileOf(id);
        if (id.Length == 0 || !File.Exists(file))
        {
            return false;
        }

        try
        {
            using var taken = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _lock.Dispose();

    private string FileOf(string id) => Path.Combine(_folder, $"{Path.GetFileName(id)}.lock");
}
