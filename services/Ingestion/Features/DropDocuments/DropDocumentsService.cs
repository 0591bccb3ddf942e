using System.Diagnostics;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.PublicQueue;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>
/// Reads the public drop queue. A drop is acknowledged only when its outcome is durable: in the registry, or as a
/// confirmed message on the error queue. Until then it stays the broker's, whatever happens here. Those of one document are
/// taken one by one: a document that is sent and then deleted is deleted, however large it was. Those of different documents
/// are taken at once, as many as are fetched ahead, and share the registry's commits: nobody's drop waits long behind thousands.
/// </summary>
public sealed partial class DropDocumentsService(
    PublicBroker broker, DropDocumentsHandler handler, RejectedDrops rejectedDrops, DropDeadLetters deadLetters, IOptions<IngestionOptions> options, TimeProvider time,
    ILogger<DropDocumentsService> logger)
    : ReconnectingService(broker, "drop queue", time, logger)
{
    /// <summary>More deliveries of one drop than this mean that taking it ends the process.</summary>
    private const long MaxDeliveries = 10;
    private const int MaxUnexpectedFailures = 3;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time = time;

    protected override async Task WorkAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await FormerQueues.DeleteAsync(connection, cancellationToken);
        await using var setAside = await deadLetters.OpenAsync(connection, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false, consumerDispatchConcurrency: 1), cancellationToken);
        await PublicBroker.DeclareQueueAsync(channel, PublicBroker.DropQueue, cancellationToken);
        await channel.BasicQosAsync(0, (ushort)options.Value.DropPrefetch, global: false, cancellationToken);

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        channel.ChannelShutdownAsync += (_, _) => End(ended);
        setAside.ChannelShutdownAsync += (_, _) => End(ended);
        consumer.UnregisteredAsync += (_, _) => End(ended);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var order = new DocumentOrder();
        consumer.ReceivedAsync += (_, delivery) =>
        {
            Receive(new Delivery(channel, setAside, delivery.DeliveryTag, delivery.BasicProperties, delivery.Body.ToArray(), ended), order, stopping.Token);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(PublicBroker.DropQueue, autoAck: false, consumer, cancellationToken);
        LogListening(logger, PublicBroker.DropQueue);
        try
        {
            await ended.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            // What was not acknowledged comes again on the next connection: none of it may still be under way here then.
            await stopping.CancelAsync();
            await order.WhenIdleAsync();
        }
    }

    private static Task End(TaskCompletionSource ended)
    {
        ended.TrySetResult();
        return Task.CompletedTask;
    }

    private void Receive(Delivery delivery, DocumentOrder order, CancellationToken cancellationToken)
    {
        var read = handler.Read(delivery.Body);
        order.Run(read.Document, () => ReceiveAsync(delivery, read, cancellationToken));
    }

    private async Task ReceiveAsync(Delivery delivery, ReadDrop read, CancellationToken cancellationToken)
    {
        using var span = IngestionTelemetry.Source.StartActivity($"{PublicBroker.DropQueue} receive", ActivityKind.Consumer, DropTrace.Parent(delivery.Properties.Headers))
            ?.SetTag("messaging.system", "rabbitmq")
            .SetTag("messaging.operation", "receive")
            .SetTag("messaging.destination.name", PublicBroker.DropQueue)
            .SetTag("messaging.message.body.size", delivery.Body.Length);
        try
        {
            if (await TakeAsync(delivery, read, cancellationToken) is { } rejection)
            {
                await rejectedDrops.KeepAsync(rejection, delivery.Body, Activity.Current?.Id, cancellationToken);
                await deadLetters.SetAsideAsync(delivery.SetAside, delivery.Properties, delivery.Body, rejection, cancellationToken);
            }

            await delivery.Channel.BasicAckAsync(delivery.Tag, multiple: false, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The connection is being closed, and brings it again.
        }
        catch (Exception exception)
        {
            // Not acknowledged, and what was done of it is harmless to do twice. The broker delivers it again once this
            // connection is closed, not before: on an open one it would wait as if it were being worked on.
            LogNotAcknowledged(logger, exception, delivery.Tag);
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            delivery.Ended.TrySetResult();
        }
    }

    /// <summary>Tries until the registry takes it: while that cannot be written, unacknowledged drops hold back the rest.</summary>
    private async Task<DropRejectedException?> TakeAsync(Delivery delivery, ReadDrop read, CancellationToken cancellationToken)
    {
        if (DeliveriesBefore(delivery.Properties) is >= MaxDeliveries and var deliveries)
        {
            return new DropRejectedException("REDELIVERED_TOO_OFTEN", "body", $"it was delivered {deliveries} times and never dealt with; the limit is {MaxDeliveries}.", "Look for what ended the service in its log at these times.");
        }

        for (var failures = 1; ; failures++)
        {
            try
            {
                return await handler.TakeAsync(read, requiredTenant: null, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogNotTaken(logger, exception, failures);
                if (exception is not ServiceException { Kind: FailureKind.Unavailable } && failures >= MaxUnexpectedFailures)
                {
                    return new DropRejectedException("UNEXPECTED_FAILURE", "body", "it could not be dealt with for a reason that is not the drop's.", $"Look up trace {Activity.Current?.TraceId.ToString() ?? "none"}; then send the drop again.");
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(Math.Min(MaxDelay.TotalSeconds, Math.Pow(2, Math.Min(failures, 10) - 1))), _time, cancellationToken);
        }
    }

    /// <summary>As a quorum queue counts them.</summary>
    private static long DeliveriesBefore(IReadOnlyBasicProperties properties) =>
        properties.Headers?.TryGetValue("x-delivery-count", out var count) == true && count is long or int
            ? Convert.ToInt64(count, System.Globalization.CultureInfo.InvariantCulture)
            : 0;

    /// <param name="Channel">To acknowledge it on.</param>
    /// <param name="SetAside">To publish it on if it is rejected.</param>
    /// <param name="Tag">Names it on its channel.</param>
    /// <param name="Properties">As it came.</param>
    /// <param name="Body">A copy: the client's buffer is its own again after the delivery.</param>
    /// <param name="Ended">Set to close the connection.</param>
    private sealed record Delivery(IChannel Channel, IChannel SetAside, ulong Tag, IReadOnlyBasicProperties Properties, byte[] Body, TaskCompletionSource Ended);

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "Reading drops from the queue {Queue}")]
    private static partial void LogListening(ILogger logger, string queue);

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "Drop {DeliveryTag} is not acknowledged; the broker will deliver it again")]
    private static partial void LogNotAcknowledged(ILogger logger, Exception exception, ulong deliveryTag);

    [LoggerMessage(EventId = 12, Level = LogLevel.Error, Message = "A drop could not be dealt with, try {Try}")]
    private static partial void LogNotTaken(ILogger logger, Exception exception, int @try);
}
