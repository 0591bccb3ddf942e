using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace RagPlatform.Gateway.Calls;

/// <summary>How long each method may take, and how many calls of a tenant may be in work at once.</summary>
internal sealed class CallLimits : IDisposable
{
    private readonly GatewayOptions _options;
    private readonly PartitionedRateLimiter<string> _calls;
    private readonly PartitionedRateLimiter<string> _watches;

    public CallLimits(IOptions<GatewayOptions> options)
    {
        _options = options.Value;
        _calls = PerTenant(_options.MaxConcurrentCallsPerTenant);
        _watches = PerTenant(_options.MaxConcurrentWatchesPerTenant);
    }

    /// <summary>The limit and the option that sets it; null where a call lasts as long as its caller listens.</summary>
    public (TimeSpan Limit, string Option)? Timeout(string method) => method switch
    {
        "WatchDocument" or "WatchDocuments" or "WatchBatch" or "WatchCrawl" or "WatchBuild" or "PullModel" or "DistillModel" or "VerifyModel" or "CheckConsistency" or "WatchJob" => null,
        "Ask" => (TimeSpan.FromSeconds(_options.AskTimeoutSeconds), "Gateway:AskTimeoutSeconds"),
        "UploadDocument" or "StageContent" or "UploadDataset" or "DownloadDataset" => (TimeSpan.FromSeconds(_options.UploadTimeoutSeconds), "Gateway:UploadTimeoutSeconds"),
        "DeleteCollection" or "SnapshotCollection" or "RestoreCollection" => (TimeSpan.FromSeconds(_options.CollectionTimeoutSeconds), "Gateway:CollectionTimeoutSeconds"),
        "ValidateDataset" or "EstimateJob" or "EvaluateAdapter" => (TimeSpan.FromSeconds(_options.FineTuneTimeoutSeconds), "Gateway:FineTuneTimeoutSeconds"),
        _ => (TimeSpan.FromSeconds(_options.TimeoutSeconds), "Gateway:TimeoutSeconds"),
    };

    /// <summary>A place among the tenant's calls, to be disposed when the call ends; null for short reads, which are not limited.</summary>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">ResourceExhausted: all places are taken.</exception>
    public RateLimitLease? Enter(string method, string tenant) => method switch
    {
        "Ask" or "Search" or "PreviewChunks" or "CountFacets" or "PutDocument" or "UploadDocument" or "StageContent" or "DeleteCollection" or "SnapshotCollection" or "RestoreCollection"
            or "UploadDataset" or "DownloadDataset" or "ValidateDataset" or "EstimateJob" or "EvaluateAdapter" or "Predict" => Enter(_calls, tenant, _options.MaxConcurrentCallsPerTenant, "Gateway:MaxConcurrentCallsPerTenant"),
        "WatchDocument" or "WatchDocuments" or "WatchBatch" or "WatchCrawl" or "WatchBuild" or "PullModel" or "DistillModel" or "VerifyModel" or "CheckConsistency" or "WatchJob" => Enter(_watches, tenant, _options.MaxConcurrentWatchesPerTenant, "Gateway:MaxConcurrentWatchesPerTenant"),
        _ => null,
    };

    public void Dispose()
    {
        _calls.Dispose();
        _watches.Dispose();
    }

    private static PartitionedRateLimiter<string> PerTenant(int limit)
    {
        var options = new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = 0 };
        return PartitionedRateLimiter.Create<string, string>(tenant => RateLimitPartition.GetConcurrencyLimiter(tenant, _ => options));
    }

    private static RateLimitLease Enter(PartitionedRateLimiter<string> places, string tenant, int limit, string option)
    {
        var lease = places.AttemptAcquire(tenant);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw GatewayErrors.TooManyCalls(tenant, limit, option);
    }
}
