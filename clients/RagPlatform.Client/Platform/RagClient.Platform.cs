using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>How every service is, and how many of the tenant's documents stand in each state; answers even when services are down.</summary>
    public async Task<PlatformStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(options => _gateway.GetStatusAsync(new V1.GetStatusRequest(), options), cancellationToken).ConfigureAwait(false);
        return new PlatformStatus(
            response.Version,
            response.Tenant,
            [.. response.Services.Select(service => new ServiceStatus(service.Service, service.Healthy, service.Detail))],
            response.Documents.ToDictionary(count => (DocumentState)count.State, count => count.Count));
    }
}
