using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RagPlatform.Embedding.Serving;

/// <summary>Healthy once the default model can embed.</summary>
internal sealed class ModelHealthCheck(ModelHost host) : IHealthCheck
{
    public const string Name = "embedding-model";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(host.Find(host.DefaultId) switch
        {
            _ when host.IsDefaultRemote => HealthCheckResult.Healthy($"The model '{host.DefaultId}' is a provider's."),
            null => HealthCheckResult.Unhealthy($"The model '{host.DefaultId}' is not loaded; pull it: rag models pull {host.DefaultId}"),
            { Model.IsCompletedSuccessfully: true } => HealthCheckResult.Healthy($"The model '{host.DefaultId}' is ready."),
            var preparation => HealthCheckResult.Unhealthy(preparation.WhyNotReady().Message),
        });
}
