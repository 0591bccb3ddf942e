namespace RagPlatform.CommandLine.Watch;

/// <summary>What tells two contents of a file apart without reading them, mostly.</summary>
internal readonly record struct FileStamp(long Bytes, DateTimeOffset ModifiedAt);

/// <param name="Path">Where it is now.</param>
/// <param name="Stamp">Of the file itself, where the path is a link to one.</param>
internal sealed record ScannedFile(string Path, FileStamp Stamp);

/// <summary>A folder as it was found, file by file; what happened meanwhile may be missed and is found by the next scan.</summary>
/// <param name="Files">By their path from the folder, with "/".</param>
/// <param name="Unreadable">Folders and files that could not be looked at and why; "" is the folder itself. Nothing is known of what is below.</param>
internal sealed record FolderScan(IReadOnlyDictionary<string, ScannedFile> Files, IReadOnlyDictionary<string, string> Unreadable)
{
    public const int MaxFiles = 1_000_000;

    private static readonly EnumerationOptions OneFolder = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None, ReturnSpecialDirectories = false };

    /// <summary>Whether it may be there all the same.</summary>
    public bool Hides(string path)
    {
        if (Unreadable.Count == 0)
        {
            return false;
        }

        for (var end = path.Length; end >= 0; end = end == 0 ? -1 : Math.Max(0, path.LastIndexOf('/', end - 1)))
        {
            if (Unreadable.ContainsKey(path[..end]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Links to folders are not entered, so that none is gone round in circles; links to files are followed.</summary>
    /// <exception cref="CommandException">There are more than <see cref="MaxFiles"/> documents.</exception>
    public static FolderScan Read(string folder, PathRules rules, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, ScannedFile>(StringComparer.Ordinal);
        var unreadable = new Dictionary<string, string>(StringComparer.Ordinal);
        var folders = new Stack<string>([""]);
        while (folders.TryPop(out var path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                foreach (var entry in new DirectoryInfo(Path.Combine(folder, path)).EnumerateFileSystemInfos("*", OneFolder))
                {
                    Add(path.Length == 0 ? entry.Name : $"{path}/{entry.Name}", entry);
                }
            }
            catch (DirectoryNotFoundException) when (path.Length > 0)
            {
                // It went while the others were read.
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                unreadable[path] = failure.Message;
            }
        }

        return files.Count <= MaxFiles
            ? new FolderScan(files, unreadable)
            : throw new CommandException($"{folder} holds {files.Count} documents; at most {MaxFiles} can be watched.", "Watch its parts by themselves, or leave some out with --exclude.");

        void Add(string path, FileSystemInfo entry)
        {
            if (entry is DirectoryInfo)
            {
                if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && rules.IsEntered(path))
                {
                    folders.Push(path);
                }
            }
            else if (rules.IsDocument(path))
            {
                try
                {
                    var file = (FileInfo)(entry.LinkTarget is null ? entry : entry.ResolveLinkTarget(returnFinalTarget: true)!);
                    files[path] = new ScannedFile(entry.FullName, new FileStamp(file.Length, new DateTimeOffset(file.LastWriteTimeUtc)));
                }
                catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException or InvalidCastException)
                {
                    // It went meanwhile, or is a link to nothing or to a folder.
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    unreadable[path] = failure.Message;
                }
            }
        }
    }
}
