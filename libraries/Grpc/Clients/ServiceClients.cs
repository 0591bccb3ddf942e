using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Health.V1.Health;

namespace RagPlatform.Grpc.Clients;

/// <summary>Registers typed gRPC clients of other services: address, retries while one restarts, deadline and cancellation passed on.</summary>
public static class ServiceClients
{
    /// <summary>The largest message between services, in bytes. Documents travel as streams of smaller pieces.</summary>
    public const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>A call that sends more than this is not tried again: enough for a document in one message.</summary>
    private const int MaxRetryBytes = 4 * 1024 * 1024;

    private static readonly MethodConfig RetryWhileUnavailable = new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 4,
            InitialBackoff = TimeSpan.FromMilliseconds(100),
            MaxBackoff = TimeSpan.FromSeconds(1),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    /// <param name="services">The host's services.</param>
    /// <param name="serviceName">As Aspire knows it: "ingestion", "embedding", ...</param>
    public static IHttpClientBuilder AddServiceClient<TClient>(this IServiceCollection services, string serviceName)
        where TClient : ClientBase =>
        services.AddGrpcClient<TClient>((provider, options) => SetAddress(provider, options, serviceName)).Connect(serviceName);

    /// <summary>A client of the service's grpc.health.v1, which <see cref="GrpcClientFactory"/> makes under the service's name.</summary>
    public static IHttpClientBuilder AddServiceHealthClient(this IServiceCollection services, string serviceName) =>
        services.AddGrpcClient<HealthClient>(serviceName, (provider, options) => SetAddress(provider, options, serviceName)).Connect(serviceName);

    private static void SetAddress(IServiceProvider provider, GrpcClientFactoryOptions options, string serviceName)
    {
        var address = ServiceAddress.Find(provider.GetRequiredService<IConfiguration>(), serviceName);
        options.Address = address.Scheme == ServiceAddress.UnixScheme ? new Uri("http://localhost") : address;
    }

    private static IHttpClientBuilder Connect(this IHttpClientBuilder client, string serviceName) =>
        client
            .ConfigureChannel((provider, options) =>
            {
                options.ServiceConfig = new ServiceConfig { MethodConfigs = { RetryWhileUnavailable } };
                options.MaxRetryBufferPerCallSize = MaxRetryBytes;
                options.MaxReceiveMessageSize = MaxMessageBytes;
                options.MaxSendMessageSize = MaxMessageBytes;
            })
            .AddHttpMessageHandler(() => new TraceHeaderHandler())
            .ConfigurePrimaryHttpMessageHandler(provider => CreateHandler(ServiceAddress.Find(provider.GetRequiredService<IConfiguration>(), serviceName)))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddInterceptor(() => new DependencyInterceptor(serviceName))
            .EnableCallContextPropagation(options => options.SuppressContextNotFoundErrors = true);

    private static SocketsHttpHandler CreateHandler(Uri address)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
        };
        if (address.Scheme == ServiceAddress.UnixScheme)
        {
            var endpoint = new UnixDomainSocketEndPoint(address.LocalPath);
            handler.ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(endpoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        return handler;
    }
}
