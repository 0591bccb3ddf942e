using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>A worker that runs: one document at a time, killed with its children when a document takes too much.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly WorkerErrors _errors;
    private readonly WorkerLimits _limits;
    private readonly TimeProvider _time;

    private WorkerProcess(Process process, WorkerLimits limits, TimeProvider time)
    {
        _process = process;
        _limits = limits;
        _time = time;
        _errors = new WorkerErrors(process.StandardError);
    }

    public int Id => _process.Id;

    /// <summary>Documents that it was given.</summary>
    public int Documents { get; private set; }

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static WorkerProcess Start(WorkerCommand command, WorkerLimits limits, TimeProvider time) =>
        new(Process.Start(command.ToStartInfo(limits))!, limits, time);

    /// <exception cref="ExtractionException">Its answer; or TimedOut or OutOfResources, and the worker is no more.</exception>
    /// <exception cref="WorkerDiedException">It ended by itself, or answered nonsense.</exception>
    /// <exception cref="OperationCanceledException">The token's; the worker is no more.</exception>
    public async Task<ExtractedDocument> ExtractAsync(DocumentSource source, CancellationToken cancellationToken)
    {
        Documents++;
        var exchange = ExchangeAsync(source);
        try
        {
            await WatchAsync(exchange, cancellationToken);
        }
        catch
        {
            Kill();
            // It ends with the process's pipes; what it says then is of no interest.
            await exchange.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }

        try
        {
            return ExtractionMessages.ReadAnswer(await exchange ?? throw new EndOfStreamException());
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ObjectDisposedException)
        {
            throw new WorkerDiedException(await DescribeEndAsync(exception));
        }
    }

    /// <summary>0 when it is no more.</summary>
    public long ResidentBytes()
    {
        try
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It ended between the two questions.
            return 0;
        }
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task<byte[]?> ExchangeAsync(DocumentSource source)
    {
        // Not cancelled by a token: only the end of the process ends these reliably on every system.
        await Frames.WriteAsync(_process.StandardInput.BaseStream, ExtractionMessages.WriteRequestHead(source), source.Content, CancellationToken.None);
        return await Frames.ReadAsync(_process.StandardOutput.BaseStream, ExtractionMessages.MaxAnswerBytes, CancellationToken.None);
    }

    private async Task WatchAsync(Task exchange, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (await Task.WhenAny(exchange, Task.Delay(WatchInterval, _time, cancellationToken)) != exchange)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_time.GetElapsedTime(started) > _limits.Time)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.TimedOut,
                    string.Create(CultureInfo.InvariantCulture, $"content took longer than {_limits.Time.TotalSeconds:0.#} seconds to read, which is the limit."),
                    "Split the document into smaller ones, or raise Ingestion:ExtractionTimeoutSeconds.");
            }

            if (ResidentBytes() is var resident && resident > _limits.MemoryBytes)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.OutOfResources,
                    $"content took {resident / 1024 / 1024} MiB of memory to read; the limit is {_limits.MemoryMebibytes}.",
                    "Split the document into smaller ones, or raise Ingestion:ExtractionMemoryMebibytes.");
            }
        }
    }

    private async Task<string> DescribeEndAsync(Exception exception)
    {
        if (exception is InvalidDataException)
        {
            Kill();
            return exception.Message;
        }

        using var patience = new CancellationTokenSource(ExitPatience, _time);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return "it closed its output";
        }

        var said = await _errors.ReadAsync(patience.Token);
        return string.Create(CultureInfo.InvariantCulture, $"exit code {_process.ExitCode}{(said.Length > 0 ? $": {said}" : "")}");
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is over already, or its last child just ended.
        }
    }
}

/// <summary>A worker ended, or answered nonsense, while it had a document.</summary>
internal sealed class WorkerDiedException(string reason) : Exception(reason);
