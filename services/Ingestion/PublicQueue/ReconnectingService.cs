using RabbitMQ.Client;

namespace RagPlatform.Ingestion.PublicQueue;

/// <summary>Work on a connection of its own, begun anew on a new connection whenever that one is lost.</summary>
public abstract partial class ReconnectingService(PublicBroker broker, string purpose, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);

    /// <summary>Declares, works, and returns or throws when the connection is of no more use.</summary>
    protected abstract Task WorkAsync(IConnection connection, CancellationToken cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await broker.ConnectAsync(purpose, stoppingToken);
                await WorkAsync(connection, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogLost(logger, exception, purpose, ReconnectDelay.TotalSeconds);
            }

            await Task.Delay(ReconnectDelay, time, stoppingToken);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The broker's connection for '{Purpose}' is lost or was refused; the next try is in {DelaySeconds} s")]
    private static partial void LogLost(ILogger logger, Exception exception, string purpose, double delaySeconds);
}
