using Grpc.Core;
using Grpc.Core.Interceptors;
using RagPlatform.Contracts;
using RagPlatform.Grpc;

namespace RagPlatform.FineTuneJobs;

/// <summary>Takes the tenant from the header "rag-tenant", and refuses a call that has none: no handler runs without.</summary>
internal sealed class TenantInterceptor : Interceptor
{
    public const string Header = GrpcServer.TenantHeader;

    private static readonly object Key = new();

    /// <summary>Of a call that this interceptor let pass.</summary>
    public static string Tenant(ServerCallContext context) => (string)context.UserState[Key];

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        continuation(request, Identified(context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(requestStream, Identified(context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(request, responseStream, Identified(context));

    private static ServerCallContext Identified(ServerCallContext context)
    {
        var tenant = GrpcServer.RequireTenant(context.RequestHeaders.GetValue(Header) ?? "");
        context.UserState[Key] = Names.IsTenant(tenant)
            ? tenant
            : throw FineTuneJobsErrors.Invalid(Header, $"'{FineTuneJobsErrors.Shorten(tenant)}' is no tenant's name.", $"Use {Names.NamePattern}.");
        return context;
    }
}
