using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RagPlatform.Grpc.Errors;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace RagPlatform.Grpc.Health;

/// <summary>grpc.health.v1 over the host's own health checks. The empty service name asks for the whole host.</summary>
public sealed class HealthGrpcService(HealthCheckService checks, IEnumerable<Reflection.ReflectedService> services, TimeProvider time)
    : global::Grpc.Health.V1.Health.HealthBase
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        Knows(request.Service)
            ? new HealthCheckResponse { Status = await StatusAsync(context.CancellationToken) }
            : throw new ServiceException(FailureKind.NotFound, "SERVICE_UNKNOWN", $"service: '{request.Service}' is not served here.") { Field = "service" };

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var last = ServingStatus.Unknown;
        while (true)
        {
            var status = Knows(request.Service) ? await StatusAsync(context.CancellationToken) : ServingStatus.ServiceUnknown;
            if (status != last)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                last = status;
            }

            await Task.Delay(WatchInterval, time, context.CancellationToken);
        }
    }

    private bool Knows(string service) => service.Length == 0 || services.Any(known => known.Descriptor.FullName == service);

    private async Task<ServingStatus> StatusAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        return report.Status is HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
