using Microsoft.Data.Sqlite;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Scheduling;

/// <summary>
/// Gathers what happens in a run and writes it a few times a second; meanwhile it looks what the job is to become. When the job
/// is no longer this process's, it cancels the run.
/// </summary>
internal sealed partial class JobProgressWriter(
    Job job, RunningJobs running, JobChanges changes, Func<IReadOnlyDictionary<string, string>, string> writeCard, FineTuneJobsTelemetry telemetry, TimeProvider time, ILogger logger)
    : IJobProgress, IAsyncDisposable
{
    private const int MaxEvents = 500;
    private const int MaxMetrics = 10_000;
    private static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(string Level, string Message)> _events = [];
    private readonly Dictionary<(string Name, long Step), double> _metrics = [];
    private readonly List<JobCheckpoint> _checkpoints = [];
    private readonly Dictionary<string, string> _facts = new(StringComparer.Ordinal);
    private JobProgress? _progress;
    private double _validationLoss = job.Progress.ValidationLoss;
    private IReadOnlyDictionary<string, string>? _hyperParameters;
    private JobReport? _unwritten;
    private bool _isCardDue;
    private long _leftOut;
    private Task _writing = Task.CompletedTask;
    private volatile int _wish = (int)job.Wish;

    public JobWish Wish => (JobWish)_wish;

    /// <summary>The job is another process's now, or gone.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Named by the worker so far.</summary>
    public IReadOnlyDictionary<string, string> Facts
    {
        get
        {
            lock (_lock)
            {
                return _facts.ToDictionary();
            }
        }
    }

    public void Start() => _writing = WriteOnAsync();

    public void Progressed(JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        telemetry.RecordProgress(job.Spec.Method, progress);
        lock (_lock)
        {
            // A worker that goes on from a checkpoint does not know what was measured before it.
            _validationLoss = progress.ValidationLoss != 0 ? progress.ValidationLoss : _validationLoss;
            _progress = progress with { ValidationLoss = _validationLoss };
        }
    }

    public void Measured(long step, string name, double value)
    {
        lock (_lock)
        {
            if (_metrics.Count < MaxMetrics || _metrics.ContainsKey((name, step)))
            {
                _metrics[(name, step)] = value;
            }
            else
            {
                _leftOut++;
            }
        }
    }

    public void Said(string level, string message)
    {
        lock (_lock)
        {
            if (_events.Count < MaxEvents)
            {
                _events.Add((level, message));
            }
            else
            {
                _leftOut++;
            }
        }
    }

    public void Kept(JobCheckpoint checkpoint)
    {
        lock (_lock)
        {
            _checkpoints.RemoveAll(former => former.Step == checkpoint.Step);
            _checkpoints.Add(checkpoint);
        }
    }

    public void Resolved(IReadOnlyDictionary<string, string> hyperParameters)
    {
        lock (_lock)
        {
            _hyperParameters = hyperParameters;
        }
    }

    public void Used(IReadOnlyDictionary<string, string> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        lock (_lock)
        {
            foreach (var (name, value) in facts)
            {
                _facts[name] = value;
            }

            _isCardDue = true;
        }
    }

    /// <summary>Writes what is left. While the registry cannot be written it stays for the next time.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            bool wasLeft;
            do
            {
                wasLeft = _unwritten is not null;
                _unwritten ??= Take();
                var wish = _unwritten.IsEmpty ? running.ReadWish(job.Id) : await running.ReportAsync(job.Id, _unwritten, cancellationToken);
                _unwritten = null;
                if (wish is null)
                {
                    await _lost.CancelAsync();
                }

                _wish = (int)(wish ?? JobWish.None);
            }
            while (wasLeft);
        }
        catch (Exception exception) when (exception is ServiceException or SqliteException or IOException)
        {
            LogNotWritten(logger, exception, job.Id);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        _stop.Dispose();
        _lost.Dispose();
        _turn.Dispose();
    }

    private async Task WriteOnAsync()
    {
        using var subscription = changes.Subscribe();
        try
        {
            while (!_lost.IsCancellationRequested)
            {
                await subscription.WaitAsync(HasNews() ? WriteInterval : LookInterval, time, _stop.Token);
                await WriteAsync(_stop.Token);
                await Task.Delay(WriteInterval, time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Its owner writes the rest.
        }
    }

    private bool HasNews()
    {
        lock (_lock)
        {
            return _progress is not null || _events.Count > 0 || _metrics.Count > 0 || _checkpoints.Count > 0;
        }
    }

    private JobReport Take()
    {
        lock (_lock)
        {
            if (_leftOut > 0)
            {
                _events.Add(("warn", $"{_leftOut} events and points came faster than they can be kept, and were left out."));
            }

            var report = new JobReport
            {
                Progress = _progress,
                Events = [.. _events],
                Metrics = [.. _metrics.Select(point => (point.Key.Step, point.Key.Name, point.Value))],
                Checkpoints = [.. _checkpoints],
                HyperParameters = _hyperParameters,
                RunCard = _isCardDue ? writeCard(_facts) : null,
            };
            (_progress, _hyperParameters, _isCardDue, _leftOut) = (null, null, false, 0);
            _events.Clear();
            _metrics.Clear();
            _checkpoints.Clear();
            return report;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "What happened in {JobId} cannot be written; it is tried again")]
    private static partial void LogNotWritten(ILogger logger, Exception exception, string jobId);
}
