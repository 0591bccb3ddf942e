using Grpc.Core;
using Grpc.Core.Interceptors;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Grpc.Clients;

/// <summary>Turns the failures of a call to another service back into ours, and names the service when it is down.</summary>
public sealed class DependencyInterceptor(string serviceName) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(Guard(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new GuardedReader<TResponse>(call.ResponseStream, this), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        var call = continuation(context);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            call.RequestStream, Guard(call.ResponseAsync), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private async Task<T> Guard<T>(Task<T> response)
    {
        try
        {
            return await response;
        }
        catch (RpcException exception)
        {
            ThrowOurs(exception);
            throw;
        }
    }

    private void ThrowOurs(RpcException exception)
    {
        if (FailureStatus.FromRpcException(exception) is { } failure)
        {
            throw new ServiceException(failure.Kind, failure.Code, failure.Message, exception)
            {
                Field = failure.Field,
                Remedy = failure.Remedy,
                RetryDelay = failure.RetryDelay,
            };
        }

        if (exception.StatusCode is StatusCode.Unavailable)
        {
            throw new ServiceException(FailureKind.Unavailable, "DEPENDENCY_UNAVAILABLE", $"The {serviceName} service cannot be reached.", exception)
            {
                Remedy = $"Check that {serviceName} is running (rag status), then try again.",
                RetryDelay = TimeSpan.FromSeconds(2),
            };
        }
    }

    private sealed class GuardedReader<T>(IAsyncStreamReader<T> inner, DependencyInterceptor owner) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => owner.Guard(inner.MoveNext(cancellationToken));
    }
}
