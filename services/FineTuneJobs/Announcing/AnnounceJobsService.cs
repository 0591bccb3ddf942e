using RabbitMQ.Client;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.ServiceDefaults;

namespace RagPlatform.FineTuneJobs.Announcing;

/// <summary>
/// Tells the topic exchange "rag.events" of jobs that succeeded or failed: at least once, also of those of a time without a
/// broker. It works on a connection of its own, and begins anew whenever that one is lost.
/// </summary>
public sealed partial class AnnounceJobsService(
    UnannouncedJobs jobs, JobChanges changes, IConfiguration configuration, TimeProvider time, ILogger<AnnounceJobsService> logger) : BackgroundService
{
    private const string Exchange = "rag.events";
    private const int BatchJobs = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await AnnounceAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogLost(logger, exception, ReconnectDelay.TotalSeconds);
            }

            await Task.Delay(ReconnectDelay, time, stoppingToken);
        }
    }

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = Messaging.BrokerAddress(configuration), ClientProvidedName = "ragplatform finetune: events", AutomaticRecoveryEnabled = false };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        using var subscription = changes.Subscribe();
        while (connection.IsOpen)
        {
            var ended = jobs.Find(BatchJobs);
            foreach (var job in ended)
            {
                await PublishAsync(channel, JobEventMessage.From(job), cancellationToken);
                await jobs.MarkAsync(job, cancellationToken);
            }

            if (ended.Count < BatchJobs)
            {
                await subscription.WaitAsync(PollInterval, time, cancellationToken);
            }
        }
    }

    /// <summary>Returns when the broker has it. Nobody needs to be bound.</summary>
    private static async Task PublishAsync(IChannel channel, JobEventMessage message, CancellationToken cancellationToken)
    {
        using var span = FineTuneJobsTelemetry.Source.StartActivity($"{Exchange} publish", System.Diagnostics.ActivityKind.Producer)?.SetTag("messaging.system", "rabbitmq").SetTag("messaging.destination.name", Exchange);
        var properties = new BasicProperties { ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent, Type = message.Type };
        if (span?.Id is { } trace)
        {
            properties.Headers = new Dictionary<string, object?> { ["traceparent"] = trace };
        }

        await channel.BasicPublishAsync(Exchange, message.Type, mandatory: false, properties, message.ToJson(), cancellationToken);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The broker's connection for events of jobs is lost or was refused; the next try is in {DelaySeconds} s")]
    private static partial void LogLost(ILogger logger, Exception exception, double delaySeconds);
}
