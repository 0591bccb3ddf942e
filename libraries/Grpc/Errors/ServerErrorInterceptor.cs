using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using RagPlatform.Grpc.Clients;

namespace RagPlatform.Grpc.Errors;

/// <summary>
/// Applies the table at a service's edge: our failures leave with their status and details, those of a service
/// behind us pass through unchanged, and everything else is Internal, logged here and named by its trace id only.
/// </summary>
public sealed partial class ServerErrorInterceptor(ILogger<ServerErrorInterceptor> logger, TimeProvider time) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case ServiceException failure:
                return failure.ToRpcException();
            case RpcException remote when FailureStatus.FromRpcException(remote) is { } failure:
                return failure.ToRpcException();
            case RpcException { StatusCode: StatusCode.Cancelled } or OperationCanceledException or IOException when context.CancellationToken.IsCancellationRequested:
                return Ended(context);
            case RpcException { StatusCode: StatusCode.DeadlineExceeded } when context.Deadline <= time.GetUtcNow().UtcDateTime:
                return Ended(context);
            case RpcException { StatusCode: StatusCode.ResourceExhausted }:
                return MessageTooLarge(context).ToRpcException();
            case var _ when context.CancellationToken.IsCancellationRequested:
                // Reading the stream of a caller who has gone may fail with an InvalidOperationException of gRPC's own.
                LogAfterEnd(logger, exception, context.Method);
                return Ended(context);
            default:
                var traceId = Activity.Current?.TraceId.ToString() ?? "none";
                LogBug(logger, exception, context.Method, traceId);
                return new RpcException(new Status(StatusCode.Internal, $"Internal error in {context.Method}; look up trace {traceId}."));
        }
    }

    private RpcException Ended(ServerCallContext context) =>
        context.Deadline <= time.GetUtcNow().UtcDateTime
            ? new RpcException(new Status(StatusCode.DeadlineExceeded, $"{context.Method} did not finish by its deadline."))
            : new RpcException(new Status(StatusCode.Cancelled, $"{context.Method} was cancelled by its caller."));

    /// <summary>The only thing for which gRPC itself says ResourceExhausted, here about a message of a stream.</summary>
    private static ServiceException MessageTooLarge(ServerCallContext context) => new(
        FailureKind.InvalidArgument,
        "MESSAGE_TOO_LARGE",
        string.Create(CultureInfo.InvariantCulture, $"{context.Method}: a message is larger than {ServiceClients.MaxMessageBytes:N0} bytes, which is the limit."))
    {
        Remedy = "Send less in one message; a document goes in pieces with UploadDocument.",
    };

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Method} failed after its caller had gone")]
    private static partial void LogAfterEnd(ILogger logger, Exception exception, string method);

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Method} failed unexpectedly in trace {TraceId}")]
    private static partial void LogBug(ILogger logger, Exception exception, string method, string traceId);
}
