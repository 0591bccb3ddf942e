using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Chaos;

/// <summary>
/// Does the operations as careful programs do: each again until it is confirmed, a document's one after the other. A lane has
/// a share of the documents, and a connection of its own.
/// </summary>
internal sealed class ChaosFeeder(ChaosPlatform platform, ChaosBroker broker)
{
    private const int Lanes = 16;
    private const string Queue = "rag.documents";
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private int repeated;

    /// <summary>Tries that nobody confirmed.</summary>
    public int Repeated => repeated;

    /// <param name="operations">In order.</param>
    /// <param name="duration">Over which they are spread evenly.</param>
    public Task RunAsync(IReadOnlyList<ChaosOperation> operations, TimeSpan duration)
    {
        var begin = Stopwatch.GetTimestamp();
        var due = operations.Select((operation, i) => (operation, At: duration * ((double)i / operations.Count))).ToLookup(one => one.operation.Document % Lanes);
        return Task.WhenAll(due.Select(lane => Task.Run(() => RunLaneAsync([.. lane], begin))));
    }

    private async Task RunLaneAsync(IReadOnlyList<(ChaosOperation Operation, TimeSpan At)> lane, long begin)
    {
        await using var line = new Line(broker);
        foreach (var (operation, at) in lane)
        {
            var early = at - Stopwatch.GetElapsedTime(begin);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early);
            }

            while (!await TryAsync(line, operation))
            {
                Interlocked.Increment(ref repeated);
                await Task.Delay(Pause);
            }
        }
    }

    private async Task<bool> TryAsync(Line line, ChaosOperation operation)
    {
        using var timeout = new CancellationTokenSource(TryTimeout);
        try
        {
            await (operation.IsDropped ? DropAsync(line, operation, timeout.Token) : CallAsync(operation, timeout.Token));
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.NotFound && operation.Text is null)
        {
            return true;
        }
        catch (Exception exception) when (exception is RpcException { StatusCode: not StatusCode.InvalidArgument } or OperationCanceledException or IOException
            or RabbitMQClientException or System.Net.Sockets.SocketException or ObjectDisposedException or TimeoutException)
        {
            await line.CloseAsync();
            return false;
        }
    }

    private static async Task DropAsync(Line line, ChaosOperation operation, CancellationToken cancellationToken)
    {
        var channel = await line.OpenAsync(cancellationToken);
        var drop = operation.Text is null
            ? new Dictionary<string, string> { ["id"] = operation.Id, ["collection"] = ChaosPlan.Collection, ["operation"] = "delete" }
            : new Dictionary<string, string> { ["id"] = operation.Id, ["collection"] = ChaosPlan.Collection, ["contentType"] = "text/markdown", ["text"] = operation.Text };
        await channel.BasicPublishAsync(
            "", Queue, mandatory: true, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, JsonSerializer.SerializeToUtf8Bytes(drop), cancellationToken);
    }

    private async Task CallAsync(ChaosOperation operation, CancellationToken cancellationToken)
    {
        if (operation.Text is null)
        {
            await platform.Ingestion.DeleteDocumentAsync(
                new DeleteDocumentRequest { Tenant = ChaosPlan.Tenant, Collection = ChaosPlan.Collection, Id = operation.Id }, cancellationToken: cancellationToken);
            return;
        }

        await platform.Ingestion.PutDocumentAsync(
            new PutDocumentRequest
            {
                Header = new DocumentHeader { Tenant = ChaosPlan.Tenant, Collection = ChaosPlan.Collection, Id = operation.Id, ContentType = "text/markdown" },
                Content = ByteString.CopyFromUtf8(operation.Text),
            },
            cancellationToken: cancellationToken);
    }

    /// <summary>A connection that is opened again when it was lost.</summary>
    private sealed class Line(ChaosBroker broker) : IAsyncDisposable
    {
        private IConnection? connection;
        private IChannel? channel;

        public async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
        {
            if (channel is { IsOpen: true } open)
            {
                return open;
            }

            await CloseAsync();
            connection = await new ConnectionFactory { Uri = broker.Address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(cancellationToken);
            return channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        }

        public async Task CloseAsync()
        {
            var former = connection;
            (connection, channel) = (null, null);
            if (former is not null)
            {
                try
                {
                    await former.CloseAsync(TimeSpan.FromSeconds(1));
                    await former.DisposeAsync();
                }
                catch (Exception exception) when (exception is IOException or RabbitMQClientException or OperationCanceledException or ObjectDisposedException)
                {
                    // It is gone all the same.
                }
            }
        }

        public async ValueTask DisposeAsync() => await CloseAsync();
    }
}
