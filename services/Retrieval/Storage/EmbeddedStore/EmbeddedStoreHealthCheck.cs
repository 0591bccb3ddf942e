using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

internal sealed class EmbeddedStoreHealthCheck(EmbeddedVectorStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The indexes are being opened."));
}
