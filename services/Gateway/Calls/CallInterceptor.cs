using Grpc.Core;
using Grpc.Core.Interceptors;
using RagPlatform.Gateway.Access;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Gateway.Calls;

/// <summary>
/// The one door: every call of the public API gets its tenant, its place and its deadline here, or goes no further.
/// </summary>
internal sealed class CallInterceptor(ApiKeys keys, CallLimits limits, GatewayTelemetry telemetry, TimeProvider time) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        AdmitAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        AdmitAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        AdmitAsync(context, () => WithoutResult(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        AdmitAsync(context, () => WithoutResult(continuation(requestStream, responseStream, context)));

    private async Task<TResponse> AdmitAsync<TResponse>(ServerCallContext context, Func<Task<TResponse>> handler)
    {
        var method = context.Method[(context.Method.LastIndexOf('/') + 1)..];
        var started = time.GetTimestamp();
        var status = StatusCode.OK;
        string? tenant = null;
        telemetry.Started(method);
        try
        {
            var caller = keys.Find(context.RequestHeaders);
            tenant = caller.Tenant;
            GatewayTelemetry.TagSpan(tenant);
            using var place = limits.Enter(method, tenant);
            var timeout = limits.Timeout(method);
            new GatewayCall(caller, time.GetUtcNow().UtcDateTime + timeout?.Limit, time, started).AttachTo(context);
            try
            {
                return await handler();
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.DeadlineExceeded && timeout is { } missed && !context.CancellationToken.IsCancellationRequested)
            {
                throw GatewayErrors.TimedOut(method, missed.Limit, missed.Option, exception);
            }
        }
        catch (Exception exception)
        {
            status = StatusOf(exception, context);
            throw;
        }
        finally
        {
            telemetry.Ended(method, status, tenant, time.GetElapsedTime(started));
        }
    }

    private StatusCode StatusOf(Exception exception, ServerCallContext context) => exception switch
    {
        ServiceException failure => failure.ToRpcException().StatusCode,
        _ when context.Deadline <= time.GetUtcNow().UtcDateTime => StatusCode.DeadlineExceeded,
        _ when context.CancellationToken.IsCancellationRequested => StatusCode.Cancelled,
        _ => StatusCode.Internal,
    };

    private static async Task<bool> WithoutResult(Task handler)
    {
        await handler;
        return true;
    }
}
