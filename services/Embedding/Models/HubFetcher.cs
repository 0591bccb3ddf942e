using System.Net;
using System.Net.Http.Headers;

namespace RagPlatform.Embedding.Models;

/// <summary>
/// Downloads from a hub with Hugging Face's addresses: HUB/REPOSITORY/resolve/COMMIT/FILE. An interrupted file is resumed
/// where it stopped (RFC 9110, section 14), in this pull and in a later one.
/// </summary>
/// <param name="http">Follows redirects; its connect timeout decides how soon an unreachable hub is passed over.</param>
/// <param name="hub">Base address.</param>
/// <param name="answerTimeout">Longest wait for a response's headers, and for the next bytes of its body.</param>
public sealed class HubFetcher(HttpClient http, Uri hub, TimeSpan answerTimeout) : IModelFetcher
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
            var path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var address = new Uri($"{hub.AbsoluteUri.TrimEnd('/')}/{source.Name}/resolve/{source.Version}/{file.Name}");
            var report = new FileProgress(progress, $"{file.Name} from {hub.Host}", doneBytes, source.TotalBytes);
            await DownloadAsync(address, path, file, report, cancellationToken);
            doneBytes += file.Bytes;
        }
    }

    private async Task DownloadAsync(Uri address, string path, ModelFile file, FileProgress report, CancellationToken cancellationToken)
    {
        var fruitless = 0;
        await using var target = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous);
        if (target.Length > file.Bytes)
        {
            target.SetLength(0);
        }

        var furthest = target.Length;
        while (target.Length < file.Bytes)
        {
            try
            {
                await ResumeAsync(address, target, file, report, cancellationToken);
            }
            catch (Exception exception) when (IsPassing(exception, cancellationToken))
            {
                fruitless = target.Length > furthest ? 0 : fruitless + 1;
                if (fruitless == MaxFruitlessAttempts || furthest == 0 && target.Length == 0)
                {
                    throw new ModelSourceException($"{hub.Host} cannot be reached for {file.Name}: {Reason(exception)}", exception);
                }

                furthest = Math.Max(furthest, target.Length);
            }
        }

        target.Flush(flushToDisk: true);
    }

    /// <summary>One request for what is still missing. Returns, or throws, with every byte received kept in the file.</summary>
    private async Task ResumeAsync(Uri address, FileStream target, ModelFile file, FileProgress report, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(answerTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (target.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(target.Length, null);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        var continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == target.Length;
        if (!continues)
        {
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new ModelSourceException($"{hub.Host} answered {(int)response.StatusCode} {response.ReasonPhrase} for {file.Name}");
            }

            target.SetLength(0);
        }

        target.Seek(0, SeekOrigin.End);
        await CopyAsync(response, target, file, report, patience, cancellationToken);
    }

    private async Task CopyAsync(
        HttpResponseMessage response, FileStream target, ModelFile file, FileProgress report, CancellationTokenSource patience, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
        var buffer = new byte[BufferBytes];
        var reportedBytes = -(long)ReportBytes;
        while (true)
        {
            patience.CancelAfter(answerTimeout);
            var read = await body.ReadAsync(buffer, patience.Token);
            if (read == 0)
            {
                break;
            }

            if (target.Length + read > file.Bytes)
            {
                target.SetLength(0);
                throw new ModelSourceException($"{hub.Host} sends more than the {file.Bytes} bytes that {file.Name} has");
            }

            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (target.Length - reportedBytes >= ReportBytes || target.Length == file.Bytes)
            {
                reportedBytes = target.Length;
                report.Report(target.Length);
            }
        }

        if (target.Length < file.Bytes)
        {
            throw new HttpIOException(HttpRequestError.ResponseEnded, $"the body ended at byte {target.Length} of {file.Bytes}");
        }
    }

    private static bool IsPassing(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or HttpIOException
        || exception is OperationCanceledException && !cancellationToken.IsCancellationRequested
        || exception is IOException { InnerException: System.Net.Sockets.SocketException };

    private string Reason(Exception exception) =>
        exception is OperationCanceledException ? $"no answer within {answerTimeout.TotalSeconds} s" : exception.Message;

    private sealed record FileProgress(IProgress<PullProgress> Progress, string Detail, long BeforeBytes, long TotalBytes)
    {
        public void Report(long fileBytes) => Progress.Report(new PullProgress(PullSteps.Downloading, Detail, BeforeBytes + fileBytes, TotalBytes));
    }
}
