using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace RagPlatform.Gateway.Calls;

/// <summary>How long each method may take, and how many calls of a tenant may be in work at once.</summary>
internal sealed class CallLimits : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly PartitionedRateLimiter<string> _concurrency;

    public CallLimits(IOptions<GatewayOptions> options)
    {
        _options = options.Value;
        var limits = new ConcurrencyLimiterOptions { PermitLimit = _options.MaxConcurrentCallsPerTenant, QueueLimit = 0 };
        _concurrency = PartitionedRateLimiter.Create<string, string>(tenant => RateLimitPartition.GetConcurrencyLimiter(tenant, _ => limits));
    }

    /// <summary>The limit and the option that sets it; null where a call lasts as long as its caller listens.</summary>
    public (TimeSpan Limit, string Option)? Timeout(string method) => method switch
    {
        "WatchDocument" or "PullModel" => null,
        "Ask" => (TimeSpan.FromSeconds(_options.AskTimeoutSeconds), "Gateway:AskTimeoutSeconds"),
        "UploadDocument" => (TimeSpan.FromSeconds(_options.UploadTimeoutSeconds), "Gateway:UploadTimeoutSeconds"),
        _ => (TimeSpan.FromSeconds(_options.TimeoutSeconds), "Gateway:TimeoutSeconds"),
    };

    /// <summary>A place among the tenant's calls, to be disposed when the call ends; null for methods that are not limited.</summary>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">ResourceExhausted: all places are taken.</exception>
    public RateLimitLease? Enter(string method, string tenant)
    {
        if (method is not ("Ask" or "Search" or "PutDocument" or "UploadDocument"))
        {
            return null;
        }

        var lease = _concurrency.AttemptAcquire(tenant);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw GatewayErrors.TooManyCalls(tenant, _options.MaxConcurrentCallsPerTenant);
    }

    public void Dispose() => _concurrency.Dispose();
}
