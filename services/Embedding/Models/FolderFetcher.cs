namespace RagPlatform.Embedding.Models;

/// <summary>Copies from a folder on this machine; a copy, so that what is changed there later changes no model.</summary>
public sealed class FolderFetcher : IModelFetcher
{
    private const int BufferBytes = 1024 * 1024;

    public ModelSourceKind Kind => ModelSourceKind.Folder;

    public async Task FetchAsync(ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(progress);
        var doneBytes = 0L;
        foreach (var file in source.Files)
        {
            try
            {
                var before = doneBytes;
                await CopyAsync(source.Name, file, folder, copied => progress.Report(new PullProgress(PullSteps.Copying, file.Name, before + copied, source.TotalBytes)), cancellationToken);
                doneBytes += file.Bytes;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
            {
                throw new ModelSourceException($"{Path.Combine(source.Name, file.Name)} cannot be read: {exception.Message.TrimEnd('.')}", exception);
            }
        }
    }

    private static async Task CopyAsync(string sourceFolder, ModelFile file, string folder, Action<long> report, CancellationToken cancellationToken)
    {
        await using var source = new FileStream(
            Path.Combine(sourceFolder, file.Name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        var path = Path.Combine(folder, file.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var target = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);
        var buffer = new byte[BufferBytes];
        var copied = 0L;
        int bytes;
        while ((bytes = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if ((copied += bytes) > file.Bytes)
            {
                throw new ModelSourceException($"{file.Name} has more than the {file.Bytes} bytes it is pinned to; it was changed");
            }

            await target.WriteAsync(buffer.AsMemory(0, bytes), cancellationToken);
            report(copied);
        }

        target.Flush(flushToDisk: true);
    }
}
