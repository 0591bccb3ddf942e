using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Sources.Web;

namespace RagPlatform.Ingestion.Sources.Crawling;

/// <summary>Runs the crawls that are due, so many at once, and removes sources; what a stopped process left unfinished goes on.</summary>
public sealed partial class CrawlService(SourceStore sources, SourceCrawl crawl, IOptions<WebSourceOptions> options, TimeProvider time, ILogger<CrawlService> logger) : BackgroundService
{
    private const int WorkAtOnce = 256;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _wake = new(0);
    private readonly Dictionary<SourceKey, Run> _runs = [];
    private readonly Dictionary<SourceKey, DateTimeOffset> _notBefore = [];

    /// <summary>Something may be due.</summary>
    public void Wake()
    {
        lock (_notBefore)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                Start(stoppingToken);
                await SleepAsync(stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_runs.Values.Select(run => run.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    private void Start(CancellationToken stoppingToken)
    {
        foreach (var (key, _) in _runs.Where(run => run.Value.Task.IsCompleted).ToList())
        {
            _runs.Remove(key, out var ended);
            ended!.Ending.Dispose();
        }

        foreach (var (key, isRemoval) in Read(() => sources.FindWork(WorkAtOnce)) ?? [])
        {
            if (_runs.TryGetValue(key, out var running))
            {
                if (isRemoval && !running.IsRemoval)
                {
                    running.Ending.Cancel();
                }
            }
            else if (_runs.Count < options.Value.MaxCrawls && _runs.Keys.Count(one => one.Tenant == key.Tenant) < options.Value.MaxCrawlsPerTenant && !IsHeldBack(key))
            {
                var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                _runs[key] = new Run(RunAsync(key, isRemoval, ending.Token), ending, isRemoval);
            }
        }
    }

    private T? Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Microsoft.Data.Sqlite.SqliteException exception)
        {
            LogUnreadable(logger, exception);
            return default;
        }
    }

    private async Task RunAsync(SourceKey key, bool isRemoval, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            using var span = IngestionTelemetry.Source.StartActivity(isRemoval ? "remove source" : "crawl source")?.SetTag("rag.tenant", key.Tenant).SetTag("rag.source", key.Name);
            await (isRemoval ? crawl.RemoveAsync(key, cancellationToken) : crawl.RunAsync(key, cancellationToken));
            Forget(key);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops, and goes on when it is started again; or the source is to be removed.
        }
        catch (Exception exception)
        {
            LogInterrupted(logger, exception, key.Tenant, key.Name, RetryDelay.TotalSeconds);
            lock (_notBefore)
            {
                _notBefore[key] = time.GetUtcNow() + RetryDelay;
            }
        }

        Wake();
    }

    private bool IsHeldBack(SourceKey key)
    {
        lock (_notBefore)
        {
            return _notBefore.TryGetValue(key, out var at) && at > time.GetUtcNow();
        }
    }

    private void Forget(SourceKey key)
    {
        lock (_notBefore)
        {
            _notBefore.Remove(key);
        }
    }

    private async Task SleepAsync(CancellationToken stoppingToken)
    {
        var sleep = LongestSleep;
        if (Read(sources.FindNextDue) is { } due && due - time.GetUtcNow() is var until && until < sleep)
        {
            sleep = until > TimeSpan.Zero ? until : TimeSpan.FromMilliseconds(100);
        }

        using var waking = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(_wake.WaitAsync(waking.Token), Task.Delay(sleep, time, waking.Token));
        await waking.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    private sealed record Run(Task Task, CancellationTokenSource Ending, bool IsRemoval);

    [LoggerMessage(EventId = 60, Level = LogLevel.Error, Message = "The work on source {Tenant}/{Source} was interrupted; it goes on in {DelaySeconds} s")]
    private static partial void LogInterrupted(ILogger logger, Exception exception, string tenant, string source, double delaySeconds);

    [LoggerMessage(EventId = 61, Level = LogLevel.Error, Message = "The file of web sources cannot be read")]
    private static partial void LogUnreadable(ILogger logger, Exception exception);
}
