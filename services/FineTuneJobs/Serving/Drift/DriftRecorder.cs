using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;

namespace RagPlatform.FineTuneJobs.Serving.Drift;

/// <summary>Remembers served predictions, and writes them together every few seconds and at the end: no prediction waits for a disk.</summary>
internal sealed partial class DriftRecorder(DriftDatabase database, IOptions<DriftOptions> options, TimeProvider time, ILogger<DriftRecorder> logger) : BackgroundService
{
    /// <summary>While the disk takes none, further ones are left out: a window does not need every one.</summary>
    private const int MaxWaiting = 50_000;

    private const int BatchPredictions = 2000;

    private readonly ConcurrentQueue<RecordedPrediction> waiting = new();
    private readonly SemaphoreSlim flushing = new(1);

    /// <summary>Specialists alone: a decoder's text has no confidence that was calibrated.</summary>
    public void Record(Adapter adapter, IReadOnlyList<string> texts, IReadOnlyList<ServedPrediction> predictions)
    {
        if (adapter.Method != "specialist" || waiting.Count > MaxWaiting)
        {
            return;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var index = 0; index < texts.Count; index++)
        {
            var prediction = predictions[index];
            waiting.Enqueue(new RecordedPrediction(adapter.Id, prediction.Confidence, prediction.IsOutOfScope, now, options.Value.TextHours > 0 ? texts[index] : null));
        }
    }

    /// <summary>All recorded so far are written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await flushing.WaitAsync(cancellationToken);
        try
        {
            while (!waiting.IsEmpty)
            {
                var batch = waiting.Take(BatchPredictions).ToList();
                await database.AddAsync(batch, cancellationToken);
                for (var written = 0; written < batch.Count; written++)
                {
                    waiting.TryDequeue(out _);
                }
            }
        }
        finally
        {
            flushing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        flushing.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.FlushSeconds), time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await FlushAsync(stoppingToken);
                await database.ForgetOldTextsAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWritten(logger, exception, waiting.Count);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(EventId = 45, Level = LogLevel.Warning, Message = "{Predictions} predictions wait to be written for drift")]
    private static partial void LogNotWritten(ILogger logger, Exception exception, int predictions);
}
