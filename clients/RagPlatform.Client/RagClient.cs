using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

/// <summary>
/// A RagPlatform gateway: put documents in, search them, ask them. Safe for concurrent use; make one and keep it.
/// Every call throws <see cref="RagException"/> when it fails, and <see cref="OperationCanceledException"/> when its token is cancelled.
/// </summary>
public sealed partial class RagClient : IDisposable
{
    private const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>A call that sends more than this is not tried again: enough for a document in one message.</summary>
    private const int MaxRetryBytes = 4 * 1024 * 1024;

    private readonly RagClientOptions _options;
    private readonly GrpcChannel _channel;
    private readonly GatewayService.GatewayServiceClient _gateway;
    private readonly FineTuneService.FineTuneServiceClient _fineTuning;
    private readonly Metadata _headers;

    public RagClient(RagClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.ApiKey))
        {
            throw new ArgumentException("ApiKey is empty; it decides the tenant.", nameof(options));
        }

        if (!options.Address.IsAbsoluteUri || options.Address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException($"Address is '{options.Address}'; it must begin with http:// or https://.", nameof(options));
        }

        _options = options;
        _channel = GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            HttpHandler = options.HttpHandler ?? CreateHandler(),
            DisposeHttpClient = options.HttpHandler is null,
            MaxRetryBufferPerCallSize = MaxRetryBytes,
            MaxReceiveMessageSize = MaxMessageBytes,
            MaxSendMessageSize = MaxMessageBytes,
            ServiceConfig = new ServiceConfig { MethodConfigs = { RetryWhileUnavailable() } },
        });
        _gateway = new GatewayService.GatewayServiceClient(_channel);
        _fineTuning = new FineTuneService.FineTuneServiceClient(_channel);
        _headers = new Metadata { { "authorization", $"Bearer {options.ApiKey}" } };
    }

    public void Dispose() => _channel.Dispose();

    private static SocketsHttpHandler CreateHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(60),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The gateway may be restarting: three tries within about a second.</summary>
    private static MethodConfig RetryWhileUnavailable() => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 3,
            InitialBackoff = TimeSpan.FromMilliseconds(200),
            MaxBackoff = TimeSpan.FromSeconds(1),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    private Task<TResponse> CallAsync<TResponse>(Func<CallOptions, AsyncUnaryCall<TResponse>> start, CancellationToken cancellationToken) =>
        CallAsync(start, TimeProvider.System.GetUtcNow().UtcDateTime + _options.Timeout, cancellationToken);

    /// <summary>For work on whole collections, which the gateway gives a limit of its own.</summary>
    private Task<TResponse> LongCallAsync<TResponse>(Func<CallOptions, AsyncUnaryCall<TResponse>> start, CancellationToken cancellationToken) =>
        CallAsync(start, deadline: null, cancellationToken);

    private async Task<TResponse> CallAsync<TResponse>(Func<CallOptions, AsyncUnaryCall<TResponse>> start, DateTime? deadline, CancellationToken cancellationToken)
    {
        try
        {
            using var call = start(Options(deadline, cancellationToken));
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw RagErrors.Translate(exception, _options.Address, cancellationToken);
        }
    }

    private async IAsyncEnumerable<TResponse> StreamAsync<TResponse>(
        Func<CallOptions, AsyncServerStreamingCall<TResponse>> start, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = start(Options(deadline: null, cancellationToken));
        while (true)
        {
            try
            {
                if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (RpcException exception)
            {
                throw RagErrors.Translate(exception, _options.Address, cancellationToken);
            }

            yield return call.ResponseStream.Current;
        }
    }

    private CallOptions Options(DateTime? deadline, CancellationToken cancellationToken) => new(_headers, deadline, cancellationToken);
}
