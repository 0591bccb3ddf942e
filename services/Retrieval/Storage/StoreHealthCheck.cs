using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RagPlatform.Retrieval.Storage;

/// <summary>Unhealthy while nothing can be searched; degraded while a store does not answer.</summary>
internal sealed class StoreHealthCheck(Collections collections, VectorStores stores) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var faults = stores.All.Select(store => (store.Name, Fault: stores.FaultOf(store.Name))).Where(store => store.Fault is not null).ToList();
        if (!collections.IsLoaded || faults.Count == stores.All.Count)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy($"The indexes are being opened. {Describe(faults)}"));
        }

        return Task.FromResult(faults.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(Describe(faults)));
    }

    private static string Describe(IEnumerable<(string Name, string? Fault)> faults) => string.Join(" ", faults.Select(store => $"Store '{store.Name}': {store.Fault}."));
}
