using Grpc.Core;
using RagPlatform.Gateway.Features.PutDocument;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.UploadDocument;

/// <summary>Passes an upload on piece by piece, at the pace at which ingestion takes it; no piece but the current one is held.</summary>
internal sealed class UploadDocumentClient(IngestionServiceClient ingestion)
{
    public async Task<V1.PutDocumentResponse> UploadAsync(IAsyncStreamReader<V1.UploadDocumentRequest> pieces, string tenant, CallOptions options)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        using var call = ingestion.UploadDocument(options.WithCancellationToken(stop.Token));
        var response = call.ResponseAsync;
        var relay = RelayAsync(pieces, call.RequestStream, tenant, stop.Token);
        if (await Task.WhenAny(relay, response) == relay && relay.IsFaulted && !IsEndedByIngestion(relay.Exception))
        {
            // The caller's fault or loss: ingestion must not take half a document for a whole one.
            await stop.CancelAsync();
            await IgnoreAsync(response);
            await relay;
        }

        try
        {
            return (await response).ToGateway();
        }
        finally
        {
            // Where ingestion ended the call early, a read of the caller's next piece may still wait.
            await stop.CancelAsync();
            await IgnoreAsync(relay);
        }
    }

    private static async Task RelayAsync(
        IAsyncStreamReader<V1.UploadDocumentRequest> pieces, IClientStreamWriter<Downstream.UploadDocumentRequest> target, string tenant, CancellationToken cancellationToken)
    {
        var isFirst = true;
        while (await pieces.MoveNext(cancellationToken))
        {
            var piece = pieces.Current.ToIngestion(tenant, isFirst);
            isFirst = false;
            await SendAsync(() => target.WriteAsync(piece, cancellationToken));
        }

        if (isFirst)
        {
            throw GatewayErrors.HeaderMissing();
        }

        await SendAsync(target.CompleteAsync);
    }

    private static async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            throw new IngestionEndedException(exception);
        }
    }

    private static bool IsEndedByIngestion(AggregateException? exception) => exception?.InnerException is IngestionEndedException;

    private static async Task IgnoreAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Ingestion takes no more pieces; its response says why.</summary>
    private sealed class IngestionEndedException(Exception innerException) : Exception("Ingestion ended the upload.", innerException);
}
