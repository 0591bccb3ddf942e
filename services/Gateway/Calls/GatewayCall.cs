using Grpc.Core;
using RagPlatform.Gateway.Access;

namespace RagPlatform.Gateway.Calls;

/// <summary>What the gateway knows of a call before its handler runs: whose it is and how long it may take.</summary>
internal sealed class GatewayCall(Caller caller, DateTime? deadline, TimeProvider time, long started)
{
    private static readonly object Key = new();

    public string Tenant => caller.Tenant;

    public bool IsOperator => caller.IsOperator;

    /// <returns>True.</returns>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">PermissionDenied: the key is no operator's.</exception>
    public bool RequireOperator() => IsOperator ? true : throw GatewayErrors.OperatorOnly(Tenant);

    /// <summary>Since the call arrived.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(started);

    /// <summary>The call's own state.</summary>
    /// <exception cref="InvalidOperationException">The call did not come through <see cref="CallInterceptor"/>: nothing may be done for it.</exception>
    public static GatewayCall Of(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var call)
            ? (GatewayCall)call
            : throw new InvalidOperationException($"{context.Method} reached its handler without a tenant.");

    public void AttachTo(ServerCallContext context) => context.UserState[Key] = this;

    /// <summary>For the calls made on behalf of this one: its deadline and its cancellation.</summary>
    public CallOptions Downstream(ServerCallContext context) => new(deadline: deadline, cancellationToken: context.CancellationToken);
}

/// <summary>Short ways to the call's state, for one-line RPCs.</summary>
internal static class GatewayCallExtensions
{
    public static string Tenant(this ServerCallContext context) => GatewayCall.Of(context).Tenant;

    public static TimeSpan Elapsed(this ServerCallContext context) => GatewayCall.Of(context).Elapsed;

    public static CallOptions Downstream(this ServerCallContext context) => GatewayCall.Of(context).Downstream(context);
}
