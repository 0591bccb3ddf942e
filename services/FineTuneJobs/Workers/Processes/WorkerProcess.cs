using System.ComponentModel;
using System.Diagnostics;
using RagPlatform.FineTuneJobs.Workers.Protocol;

namespace RagPlatform.FineTuneJobs.Workers.Processes;

/// <summary>A worker that runs. Disposing it ends it with all that it started.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly LastWords _words = new();
    private readonly Task _errors;

    private WorkerProcess(Process process)
    {
        _process = process;
        _errors = _words.DrainAsync(process.StandardError);
    }

    public int Id => _process.Id;

    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static WorkerProcess Start(ProcessStartInfo start) => new(Process.Start(start)!);

    /// <summary>Of the protocol, until it closes its output. Others are kept as its last words.</summary>
    /// <exception cref="ProtocolException">A line that is not allowed.</exception>
    public async IAsyncEnumerable<TrainerLine> ReadAsync()
    {
        // Not cancelled by a token: only the end of the process ends this reliably on every system.
        await foreach (var line in BoundedLines.ReadAsync(_process.StandardOutput.BaseStream, TrainerLines.MaxLineBytes, CancellationToken.None))
        {
            if (TrainerLines.Read(line) is { } known)
            {
                yield return known;
            }
            else
            {
                _words.Add(line);
            }
        }
    }

    /// <param name="type">pause or cancel.</param>
    public async Task TellAsync(string type)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync($$"""{"type":"{{type}}"}""");
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended, which is seen where its output is read.
        }
    }

    /// <summary>What it ended with, for people; it has closed its output.</summary>
    public async Task<(int ExitCode, string Description)> DescribeEndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ExitPatience);
            await _errors.WaitAsync(ExitPatience);
        }
        catch (TimeoutException)
        {
            return (-1, "it closed its output and did not end");
        }

        var said = _words.ToString();
        return (_process.ExitCode, $"exit code {_process.ExitCode}{(said.Length > 0 ? $": {said}" : "")}");
    }

    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(ExitPatience);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is over already, or its last child just ended.
        }

        _process.Dispose();
    }
}
