using System.Globalization;
using System.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;

namespace RagPlatform.Gateway.Features.GetStatus;

/// <summary>Asks every service how it is, all at once and not for long: a status must come even when little else works.</summary>
internal sealed class GetStatusClient(GrpcClientFactory clients, IngestionServiceClient ingestion, IOptions<GatewayOptions> options, TimeProvider time)
{
    private static readonly string Version =
        typeof(GetStatusClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private readonly int _timeoutSeconds = options.Value.StatusTimeoutSeconds;

    public async Task<GetStatusResponse> GetAsync(string tenant, CallOptions call)
    {
        var brief = call.WithDeadline(time.GetUtcNow().UtcDateTime.AddSeconds(_timeoutSeconds));
        var counts = CountAsync(tenant, brief);
        var services = await Task.WhenAll(GatewayModule.Dependencies.Select(service => CheckAsync(service, brief)));
        return new GetStatusResponse { Version = Version, Tenant = tenant, Services = { services }, Documents = { await counts } };
    }

    private async Task<ServiceStatus> CheckAsync(string service, CallOptions call)
    {
        var response = await BrieflyAsync(
            async () => (await clients.CreateClient<Health.HealthClient>(service).CheckAsync(new HealthCheckRequest(), call)).Status is ServingStatus.Serving
                ? ""
                : $"The {service} service says that it is not ready; see its /health.",
            problem => problem,
            service,
            call);
        return new ServiceStatus { Service = service, Healthy = response.Length == 0, Detail = response };
    }

    /// <summary>Empty when ingestion cannot say: its own line in the status tells why.</summary>
    private Task<IEnumerable<DocumentCount>> CountAsync(string tenant, CallOptions call) =>
        BrieflyAsync(
            async () => (await ingestion.CountDocumentsAsync(new() { Tenant = tenant }, call)).Counts.Select(count => count.ToGateway()),
            _ => [],
            "ingestion",
            call);

    private async Task<T> BrieflyAsync<T>(Func<Task<T>> ask, Func<string, T> otherwise, string service, CallOptions call)
    {
        try
        {
            return await ask();
        }
        catch (ServiceException failure)
        {
            return otherwise(failure.Message);
        }
        catch (RpcException failure) when (!call.CancellationToken.IsCancellationRequested)
        {
            return otherwise(failure.StatusCode is StatusCode.DeadlineExceeded
                ? string.Create(CultureInfo.InvariantCulture, $"The {service} service gave no answer within {_timeoutSeconds} seconds.")
                : $"The {service} service answered {failure.StatusCode}.");
        }
    }
}
