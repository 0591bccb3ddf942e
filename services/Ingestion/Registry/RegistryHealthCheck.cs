using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Healthy when the registry can be read.</summary>
public sealed class RegistryHealthCheck(DocumentCatalog catalog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            catalog.CountByState(tenant: "");
            return Task.FromResult(HealthCheckResult.Healthy());
        }
        catch (SqliteException exception)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy($"The registry cannot be read: {exception.Message}"));
        }
    }
}
