using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>
/// Reads documents apart from this process: in workers that are kept and used again, each with one document at a time, within
/// a time and a memory. What a document does to its reader happens to that document only. Small texts, whose readers are
/// linear, are read here.
/// </summary>
public sealed partial class ExtractionPool : IDisposable
{
    /// <summary>Markdown, HTML and plain text up to this size are read in this process.</summary>
    public const int MaxBytesReadHere = 256 * 1024;

    /// <summary>After so many a worker is replaced, whatever it has piled up.</summary>
    private const int DocumentsPerWorker = 500;

    private readonly ConcurrentBag<WorkerProcess> _idle = [];
    private readonly SemaphoreSlim _places;
    private readonly WorkerCommand _command;
    private readonly WorkerLimits _limits;
    private readonly DocumentExtractor _extractor = new();
    private readonly ILogger<ExtractionPool> _logger;
    private readonly TimeProvider _time;
    private volatile bool _isDisposed;

    public ExtractionPool(WorkerCommand command, IOptions<IngestionOptions> options, ILogger<ExtractionPool> logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _command = command;
        _limits = new WorkerLimits(TimeSpan.FromSeconds(options.Value.ExtractionTimeoutSeconds), options.Value.ExtractionMemoryMebibytes);
        _places = new SemaphoreSlim(options.Value.ProcessConcurrency);
        _logger = logger;
        _time = time;
    }

    /// <summary>Waits for a free worker where all have a document.</summary>
    /// <exception cref="ExtractionException">Why its text cannot be had; TimedOut and OutOfResources where it took too much or ended its readers.</exception>
    public async Task<ExtractedDocument> ExtractAsync(DocumentSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (IsReadHere(source))
        {
            return DocumentReading.Read(_extractor, source, cancellationToken);
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            return await ExtractApartAsync(source, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var worker))
        {
            worker.Dispose();
        }

        _places.Dispose();
    }

    private static bool IsReadHere(DocumentSource source) =>
        source.Content.Length <= MaxBytesReadHere && ContentTypes.Normalize(source.ContentType) is ContentTypes.Markdown or ContentTypes.Html or ContentTypes.PlainText;

    private async Task<ExtractedDocument> ExtractApartAsync(DocumentSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await ExtractAsync(_idle.TryTake(out var worker) ? worker : Start(), source, cancellationToken);
        }
        catch (WorkerDiedException died)
        {
            LogDied(died.Message);
        }

        try
        {
            // Once more, with nothing left over from documents before: then it was this one.
            return await ExtractAsync(Start(), source, cancellationToken);
        }
        catch (WorkerDiedException died)
        {
            LogDied(died.Message);
            throw new ExtractionException(
                ExtractionErrorCode.OutOfResources,
                $"content ended two processes that read it as {source.ContentType}: {died.Message}",
                "Open it in the program that made it and save it again, or split it into smaller ones. If it still fails, report it with the document.");
        }
    }

    private WorkerProcess Start() => WorkerProcess.Start(_command, _limits, _time);

    private async Task<ExtractedDocument> ExtractAsync(WorkerProcess worker, DocumentSource source, CancellationToken cancellationToken)
    {
        var isSound = false;
        try
        {
            var document = await worker.ExtractAsync(source, cancellationToken);
            isSound = true;
            return document;
        }
        catch (ExtractionException failure)
        {
            isSound = failure.Code is not (ExtractionErrorCode.TimedOut or ExtractionErrorCode.OutOfResources);
            if (!isSound)
            {
                LogEnded(worker.Id, failure.Message);
            }

            throw;
        }
        finally
        {
            Return(worker, isSound);
        }
    }

    private void Return(WorkerProcess worker, bool isSound)
    {
        // One that has grown gives its memory back by ending.
        if (isSound && !_isDisposed && worker.Documents < DocumentsPerWorker && worker.ResidentBytes() is var resident && resident > 0 && resident < _limits.MemoryBytes / 2)
        {
            _idle.Add(worker);
        }
        else
        {
            worker.Dispose();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A process that read a document died: {Reason}")]
    private partial void LogDied(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {ProcessId} was ended because of its document: {Reason}")]
    private partial void LogEnded(int processId, string reason);
}
