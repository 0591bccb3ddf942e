using System.Diagnostics;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Announcing;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>
/// Publishes cut documents' batches as fast as vectors come back, tenants in turn: so much is in flight that the model always
/// has work, and so little that a tenant's first chunk is not behind thousands of another's.
/// </summary>
public sealed partial class PacerService(WorkInHand work, IDocumentPublisher publisher, IngestionTelemetry telemetry, IOptions<IngestionOptions> options, TimeProvider time, ILogger<PacerService> logger)
    : BackgroundService
{
    /// <summary>Each waits for the broker's confirmation.</summary>
    private const int MaxPublishing = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BusDownDelay = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _publishing = new(MaxPublishing);
    private volatile bool _isBusDown;

    public override void Dispose()
    {
        _publishing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is being published ends soon: it has the same token.
            for (var place = 0; place < MaxPublishing; place++)
            {
                await _publishing.WaitAsync(CancellationToken.None);
            }
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            if (_isBusDown)
            {
                await Task.Delay(BusDownDelay, time, stoppingToken);
            }

            await _publishing.WaitAsync(stoppingToken);
            if (work.NextBatch() is { } outgoing)
            {
                _ = Task.Run(() => PublishAsync(outgoing, stoppingToken), CancellationToken.None);
            }
            else
            {
                _publishing.Release();
                await work.Batches.WaitAsync(LongestWait, time, stoppingToken);
            }
        }
    }

    private async Task PublishAsync(OutgoingBatch outgoing, CancellationToken cancellationToken)
    {
        try
        {
            Activity.Current = outgoing.Span;
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.PublishTimeoutSeconds), time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await publisher.PublishAsync(outgoing.Batch, limit.Token).WaitAsync(limit.Token);
            _isBusDown = false;
            telemetry.CountChunks(outgoing.Batch.Chunks.Count);
            if (outgoing.IsLast)
            {
                outgoing.Span?.Dispose();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isBusDown)
            {
                LogNotPublished(logger, exception, outgoing.Batch.Document.ToString(), outgoing.Batch.Version);
            }

            _isBusDown = true;
            work.TakeBack(outgoing.Batch);
            work.Batches.Set();
        }
        catch (OperationCanceledException)
        {
            // The host stops; the version waits again when it starts.
        }
        finally
        {
            _publishing.Release();
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The bus does not take chunks ({Document} version {Version} and others); they are sent when it is back")]
    private static partial void LogNotPublished(ILogger logger, Exception exception, string document, long version);
}
