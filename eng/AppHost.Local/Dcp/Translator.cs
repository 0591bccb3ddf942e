using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Dcp;

/// <summary>From AppHost.cs's resources to DCP's objects.</summary>
internal static class Translator
{
    /// <summary>The one instance of each service: stable, so that the telemetry of its restarts stays together.</summary>
    public const string InstanceId = "1";

    public static DcpObject<ServiceSpec, ServiceStatus> Service(string name, int? port) => new("Service", new(name), new(port));

    public static IEnumerable<DcpObject<ServiceSpec, ServiceStatus>> Services(Model model) =>
        from project in model.Projects
        from endpoint in project.Endpoints
        select Service(Addresses.ServiceName(project.Name, endpoint.Name), endpoint.Port);

    /// <param name="project">The service.</param>
    /// <param name="start">1 for its first start, one more for each later one: DCP runs an executable once.</param>
    /// <param name="addresses">Where everything is.</param>
    /// <param name="assemblyPath">The built service.</param>
    public static DcpObject<ExecutableSpec, ExecutableStatus> Executable(ProjectResource project, int start, Addresses addresses, string assemblyPath)
    {
        var environment = Telemetry(project.Name, addresses.OtlpEndpoint);
        foreach (var endpoint in project.Endpoints)
        {
            if (endpoint.PortVariable is { } variable)
            {
                environment[variable] = PortForServing(Addresses.ServiceName(project.Name, endpoint.Name));
            }
        }

        foreach (var (name, value) in project.Environment)
        {
            environment[name] = value.Resolve(addresses);
        }

        return Executable(
            project.Name, start, DotnetHost.Path, Checkout.ProjectDirectory(project.Project), [assemblyPath], environment,
            [.. project.Endpoints.Select(endpoint => Addresses.ServiceName(project.Name, endpoint.Name))]);
    }

    public static DcpObject<ExecutableSpec, ExecutableStatus> Executable(
        string name, int start, string path, string workingDirectory, string[] arguments, Dictionary<string, string> environment, string[] services)
    {
        var producers = services.Select(service => new { serviceName = service, address = "127.0.0.1" });
        return new(
            "Executable",
            new(string.Create(CultureInfo.InvariantCulture, $"{name}-{start}"), new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["service-producer"] = JsonSerializer.Serialize(producers),
            }),
            new(path, workingDirectory, arguments, [.. environment.Select(variable => new EnvironmentVariable(variable.Key, variable.Value))]));
    }

    /// <summary>DCP's template for the port on which the process itself listens, behind its service's.</summary>
    public static string PortForServing(string service) => $$$"""{{- portForServing "{{{service}}}" -}}""";

    /// <summary>What Aspire sets on every project: where telemetry goes, under which name, and soon enough to be watched.</summary>
    private static Dictionary<string, string> Telemetry(string name, string otlpEndpoint) => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = otlpEndpoint,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
        ["OTEL_SERVICE_NAME"] = name,
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={InstanceId}",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "5000",
    };
}
