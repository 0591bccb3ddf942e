using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>A file system of its own in memory (tmpfs, which wants root), small enough to be filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int BlockBytes = 1024 * 1024;

    private SmallDisk(string folder) => Folder = folder;

    private string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Null where it cannot be mounted.</summary>
    public static SmallDisk? TryMount(string folder, int mebibytes)
    {
        Directory.CreateDirectory(folder);
        return Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m"), "rag-chaos", folder) == 0 ? new SmallDisk(folder) : null;
    }

    /// <summary>Takes every byte that is free.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var block = new byte[BlockBytes]; block.Length > 0;)
        {
            try
            {
                file.Write(block);
            }
            catch (IOException)
            {
                block = block.Length > 1 ? new byte[block.Length / 2] : [];
            }
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "-l", Folder);

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
