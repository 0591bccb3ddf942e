using System.Net;

namespace RagPlatform.Embedding.Models;

/// <summary>
/// Downloads from a hub: REPOSITORY/resolve/COMMIT/FILE. An interrupted file is resumed where it stopped
/// (RFC 9110, section 14), in this pull and in a later one.
/// </summary>
public sealed class HubFetcher(HubClient hub) : IModelFetcher
{
    /// <summary>Attempts in a row that bring no byte further than all before them, until the hub is given up.</summary>
    private const int MaxFruitlessAttempts = 3;

    private const int BufferBytes = 128 * 1024;

    /// <summary>Bytes between two progress reports.</summary>
    private const int ReportBytes = 1024 * 1024;

    public ModelSourceKind Kind => ModelSourceKind.Hub;

    public async Task FetchAsync(ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(progress);
        var doneBytes = 0L;
        foreach (var file in source.Files)
        {
            await DownloadAsync(source.Name, source.Version, file.Name, file.Bytes, folder, new FileProgress(progress, $"{file.Name} from {hub.Host}", doneBytes, source.TotalBytes), cancellationToken);
            doneBytes += file.Bytes;
        }
    }

    /// <summary>Fetches what is missing of one file.</summary>
    /// <param name="repository">OWNER/REPOSITORY.</param>
    /// <param name="commit">Its content never changes.</param>
    /// <param name="file">Within the repository.</param>
    /// <param name="bytes">Its exact size.</param>
    /// <param name="folder">May hold the file's beginning.</param>
    /// <param name="report">Told how far it is.</param>
    /// <param name="cancellationToken">Leaves what has come so far.</param>
    /// <exception cref="ModelSourceException">The hub does not give the file.</exception>
    internal async Task DownloadAsync(string repository, string commit, string file, long bytes, string folder, FileProgress report, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var target = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous);
        if (target.Length > bytes)
        {
            target.SetLength(0);
        }

        var download = new Download(repository, hub.AddressOf(repository, commit, file), file, bytes, target, report);
        var fruitless = 0;
        var furthest = target.Length;
        while (target.Length < bytes)
        {
            try
            {
                await ResumeAsync(download, cancellationToken);
            }
            catch (Exception exception) when (IsPassing(exception, cancellationToken))
            {
                fruitless = target.Length > furthest ? 0 : fruitless + 1;
                if (fruitless == MaxFruitlessAttempts || furthest == 0 && target.Length == 0)
                {
                    throw new ModelSourceException($"{hub.Host} cannot be reached for {file}: {hub.Reason(exception)}", exception);
                }

                furthest = Math.Max(furthest, target.Length);
            }
        }

        target.Flush(flushToDisk: true);
    }

    /// <summary>One request for what is still missing. Returns, or throws, with every byte received kept in the file.</summary>
    private async Task ResumeAsync(Download download, CancellationToken cancellationToken)
    {
        var target = download.Target;
        using var response = await hub.GetAsync(download.Address, target.Length, download.Report.Progress, cancellationToken);
        var continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == target.Length;
        if (!continues)
        {
            if (response.StatusCode != HttpStatusCode.OK)
            {
                var refusal = hub.Refusal(response, download.Repository, download.File);
                throw new ModelSourceException($"{refusal.Message} {refusal.Remedy}".TrimEnd(' ', '.'));
            }

            target.SetLength(0);
        }

        target.Seek(0, SeekOrigin.End);
        await CopyAsync(response, download, cancellationToken);
    }

    private async Task CopyAsync(HttpResponseMessage response, Download download, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(hub.AnswerTimeout);
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var (target, bytes) = (download.Target, download.Bytes);
        var buffer = new byte[BufferBytes];
        var reportedBytes = -(long)ReportBytes;
        while (true)
        {
            patience.CancelAfter(hub.AnswerTimeout);
            var read = await body.ReadAsync(buffer, patience.Token);
            if (read == 0)
            {
                break;
            }

            if (target.Length + read > bytes)
            {
                target.SetLength(0);
                throw new ModelSourceException($"{hub.Host} sends more than the {bytes} bytes that {download.File} has");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (target.Length - reportedBytes >= ReportBytes || target.Length == bytes)
            {
                reportedBytes = target.Length;
                download.Report.Report(target.Length);
            }
        }

        if (target.Length < bytes)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"the body ended at byte {target.Length} of {bytes}");
        }
    }

    private static bool IsPassing(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or HttpIOException
        || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
        || exception is IOException { InnerException: System.Net.Sockets.SocketException };

    /// <summary>How far one file of a download is, as part of the whole.</summary>
    internal sealed record FileProgress(IProgress<PullProgress> Progress, string Detail, long BeforeBytes, long TotalBytes)
    {
        public void Report(long fileBytes) => Progress.Report(new PullProgress(PullSteps.Downloading, Detail, BeforeBytes + fileBytes, TotalBytes));
    }

    private sealed record Download(string Repository, Uri Address, string File, long Bytes, FileStream Target, FileProgress Report);
}
