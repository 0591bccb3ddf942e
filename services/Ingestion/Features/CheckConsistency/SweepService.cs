using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.CheckConsistency;

/// <summary>Compares and mends everything from time to time, every tenant's, with nobody asking.</summary>
public sealed partial class SweepService(
    CheckConsistencyHandler handler, DocumentStandings standings, IOptions<IngestionOptions> options, TimeProvider time, ILogger<SweepService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.SweepIntervalHours == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromHours(options.Value.SweepIntervalHours), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogNotSwept(logger, exception, options.Value.SweepIntervalHours);
            }
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in standings.Collections(tenant: null).Select(collection => collection.Tenant).Distinct())
        {
            ConsistencyProgress? last = null;
            await foreach (var progress in handler.CheckAsync(tenant, "", Repairs.Unattended, cancellationToken))
            {
                last = progress;
            }

            LogSwept(logger, tenant, last!.Checked, last.Differences, last.Repaired);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Compared {Documents} documents of {Tenant} with the index: {Differences} differed, {Repaired} are mended")]
    private static partial void LogSwept(ILogger logger, string tenant, long documents, long differences, long repaired);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The registry could not be compared with the index; the next time is in {IntervalHours} hours")]
    private static partial void LogNotSwept(ILogger logger, Exception exception, int intervalHours);
}
