using System.Globalization;

namespace RagPlatform.FineTuning.Loop;

/// <summary>
/// Checkpoints as files of a folder that is one run's alone. A file is written under a temporary name, flushed to the disk
/// and renamed, and is read only where its checksum is right: a process killed at any moment leaves the last whole one.
/// </summary>
/// <remarks>Not thread-safe. After a power failure the newest name may be missing on file systems that keep no journal; then the one before is the latest.</remarks>
public sealed class FolderCheckpointStore : ICheckpointStore
{
    private const string Extension = ".checkpoint";
    private const string TemporaryName = "new.tmp";

    private readonly string folder;
    private readonly int keepLast;

    /// <param name="folder">Created if it is not there.</param>
    /// <param name="keepLast">Checkpoints that stay beside the best, the newest; at least 1.</param>
    public FolderCheckpointStore(string folder, int keepLast = 2)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(keepLast, 1);
        (this.folder, this.keepLast) = (Path.GetFullPath(folder), keepLast);
        Directory.CreateDirectory(this.folder);
        File.Delete(Path.Combine(this.folder, TemporaryName));
    }

    /// <summary>Of its file in the folder.</summary>
    public static string NameOf(long step) => step.ToString("D12", CultureInfo.InvariantCulture) + Extension;

    public void Save(CheckpointDescription checkpoint, Action<Stream> write)
    {
        var temporary = Path.Combine(folder, TemporaryName);
        CheckpointFile.Write(temporary, checkpoint, write);
        File.Move(temporary, PathOf(checkpoint.Step), overwrite: true);
        Prune(checkpoint.Step);
    }

    public (CheckpointDescription Checkpoint, Stream State)? OpenLatest() => OpenFirst(Steps());

    public (CheckpointDescription Checkpoint, Stream State)? OpenBest() => OpenFirst(Steps().Where(IsBest));

    /// <summary>What is there, the newest first, with the files' sizes in bytes; damaged ones are left out where their head tells.</summary>
    public IReadOnlyList<(CheckpointDescription Checkpoint, long Bytes)> List() =>
    [
        .. from step in Steps()
           let checkpoint = CheckpointFile.Describe(PathOf(step))
           where checkpoint is not null
           select (checkpoint, new FileInfo(PathOf(step)).Length),
    ];

    private (CheckpointDescription Checkpoint, Stream State)? OpenFirst(IEnumerable<long> steps)
    {
        foreach (var step in steps)
        {
            if (CheckpointFile.Open(PathOf(step)) is { } whole)
            {
                return whole;
            }
        }

        return null;
    }

    /// <summary>Drops what is older than is wanted, but the best, and what is newer: of a way that the run has gone back on.</summary>
    private void Prune(long saved)
    {
        var steps = Steps();
        var best = steps.Where(step => step <= saved).Cast<long?>().FirstOrDefault(step => IsBest(step!.Value));
        var last = steps.Where(step => step <= saved).Take(keepLast).ToHashSet();
        foreach (var step in steps.Where(step => step != best && !last.Contains(step)))
        {
            File.Delete(PathOf(step));
        }
    }

    private bool IsBest(long step) => CheckpointFile.Describe(PathOf(step)) is { IsBest: true };

    /// <summary>The newest first.</summary>
    private List<long> Steps() =>
    [
        .. Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(path => long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : -1)
            .Where(step => step >= 0)
            .OrderDescending(),
    ];

    private string PathOf(long step) => Path.Combine(folder, NameOf(step));
}
