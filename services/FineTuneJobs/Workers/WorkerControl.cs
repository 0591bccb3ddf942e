using System.Text.Json;
using RagPlatform.FineTuneJobs.Workers.Protocol;

namespace RagPlatform.FineTuneJobs.Workers;

/// <summary>What the service says to a worker, and that it is still there.</summary>
internal sealed class WorkerControl : IDisposable
{
    private const int MaxLineBytes = 64 * 1024;

    /// <summary>The service is gone (EX_UNAVAILABLE of sysexits.h).</summary>
    private const int OrphanExitCode = 69;

    private readonly CancellationTokenSource _cancelled = new();
    private volatile bool _isPauseRequested;
    private Action? _whenAlone;
    private Action<string>? _whenTold;

    public WorkerControl(Stream input) => _ = Task.Run(() => ListenAsync(input));

    public bool IsPauseRequested => _isPauseRequested;

    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Called with each pause and cancel.</summary>
    public void WhenTold(Action<string> action) => _whenTold = action;

    /// <summary>Called before this process ends because the service has.</summary>
    public void WhenAlone(Action action) => _whenAlone = action;

    public void Dispose() => _cancelled.Dispose();

    private async Task ListenAsync(Stream input)
    {
        try
        {
            await foreach (var line in BoundedLines.ReadAsync(input, MaxLineBytes, CancellationToken.None))
            {
                Obey(JsonDocument.Parse(line).RootElement.GetProperty("type").GetString() ?? "");
            }
        }
        finally
        {
            _whenAlone?.Invoke();
            Environment.Exit(OrphanExitCode);
        }
    }

    private void Obey(string type)
    {
        if (type == "pause")
        {
            _isPauseRequested = true;
        }
        else if (type == "cancel")
        {
            _cancelled.Cancel();
        }

        _whenTold?.Invoke(type);
    }
}
