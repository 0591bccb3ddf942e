namespace RagPlatform.CommandLine.Watch;

/// <summary>
/// What the operating system tells of a folder. It makes following fast and nothing more: events may be lost, late or
/// wrong, and a folder that cannot be listened to is followed by rescans alone.
/// </summary>
internal sealed class FolderEvents(string folder, TimeProvider time, Action onTouched) : IDisposable
{
    private const int MaxTouches = 100_000;
    private const int BufferBytes = 64 * 1024;

    private readonly Lock gate = new();
    private Dictionary<string, DateTimeOffset> files = new(StringComparer.Ordinal);
    private Dictionary<string, DateTimeOffset> trees = new(StringComparer.Ordinal);
    private DateTimeOffset? lostAt;
    private volatile bool isBroken;
    private FileSystemWatcher? watcher;

    /// <summary>Begins, or begins again after a loss.</summary>
    /// <returns>Why it cannot listen; null when it does.</returns>
    public string? Listen()
    {
        if (isBroken)
        {
            Leave();
        }

        if (watcher is not null)
        {
            return null;
        }

        var listener = new FileSystemWatcher();
        try
        {
            listener.Path = folder;
            listener.IncludeSubdirectories = true;
            listener.InternalBufferSize = BufferBytes;
            listener.NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes;
            listener.Changed += (_, change) => Touch(change.FullPath, mayBeFolder: false);
            listener.Created += (_, change) => Touch(change.FullPath, mayBeFolder: true);
            listener.Deleted += (_, change) => Touch(change.FullPath, mayBeFolder: true);
            listener.Renamed += (_, change) =>
            {
                Touch(change.OldFullPath, mayBeFolder: true);
                Touch(change.FullPath, mayBeFolder: true);
            };
            listener.Error += (_, _) => Lose();
            listener.EnableRaisingEvents = true;
            watcher = listener;
            return null;
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
        {
            listener.Dispose();
            return failure.Message;
        }
    }

    /// <summary>Stops to listen: the folder is gone, and another may come in its place.</summary>
    public void Leave()
    {
        watcher?.Dispose();
        watcher = null;
        isBroken = false;
    }

    /// <summary>All signs since the last call.</summary>
    public FolderTouches Take()
    {
        lock (gate)
        {
            var taken = new FolderTouches(files, trees, lostAt);
            (files, trees, lostAt) = (new(StringComparer.Ordinal), new(StringComparer.Ordinal), null);
            return taken;
        }
    }

    public void Dispose() => Leave();

    private void Touch(string fullPath, bool mayBeFolder)
    {
        var path = Path.GetRelativePath(folder, fullPath).Replace(Path.DirectorySeparatorChar, '/');
        lock (gate)
        {
            if (files.Count + trees.Count < MaxTouches)
            {
                (mayBeFolder ? trees : files)[path] = time.GetUtcNow();
            }
            else
            {
                lostAt = time.GetUtcNow();
            }
        }

        onTouched();
    }

    private void Lose()
    {
        lock (gate)
        {
            lostAt = time.GetUtcNow();
            isBroken = true;
        }

        onTouched();
    }
}
