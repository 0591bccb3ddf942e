using Grpc.Core;

namespace RagPlatform.Gateway.Calls;

/// <summary>Passes what a caller uploads on piece by piece, at the pace at which it is taken; no piece but the current one is held.</summary>
internal static class UploadRelay
{
    /// <param name="pieces">As they are to be passed on; what this throws is the caller's fault or loss.</param>
    /// <param name="start">Begins the call that takes them.</param>
    /// <param name="options">Of that call.</param>
    public static async Task<TResponse> RelayAsync<TPiece, TResponse>(
        this IAsyncEnumerable<TPiece> pieces, Func<CallOptions, AsyncClientStreamingCall<TPiece, TResponse>> start, CallOptions options)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        using var call = start(options.WithCancellationToken(stop.Token));
        var response = call.ResponseAsync;
        var relay = SendAllAsync(pieces, call.RequestStream, stop.Token);
        if (await Task.WhenAny(relay, response) == relay && relay.IsFaulted && !IsEndedByService(relay.Exception))
        {
            // The caller's fault or loss: the service must not take a half for a whole.
            await stop.CancelAsync();
            await IgnoreAsync(response);
            await relay;
        }

        try
        {
            return await response;
        }
        finally
        {
            // Where the service ended the call early, a read of the caller's next piece may still wait.
            await stop.CancelAsync();
            await IgnoreAsync(relay);
        }
    }

    private static async Task SendAllAsync<TPiece>(IAsyncEnumerable<TPiece> pieces, IClientStreamWriter<TPiece> target, CancellationToken cancellationToken)
    {
        await foreach (var piece in pieces.WithCancellation(cancellationToken))
        {
            await SendAsync(() => target.WriteAsync(piece, cancellationToken));
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
            throw new ServiceEndedException(exception);
        }
    }

    private static bool IsEndedByService(AggregateException? exception) => exception?.InnerException is ServiceEndedException;

    private static async Task IgnoreAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The service takes no more pieces; its response says why.</summary>
    private sealed class ServiceEndedException(Exception innerException) : Exception("The service ended the upload.", innerException);
}
