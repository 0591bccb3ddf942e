using Aspire.Hosting.ApplicationModel;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>What AppHost.cs describes.</summary>
internal sealed class Model(IReadOnlyList<Resource> resources)
{
    public IReadOnlyList<Resource> Resources { get; } = resources;

    public IEnumerable<ProjectResource> Projects => Resources.OfType<ProjectResource>();
}

/// <summary>Someone whose start (and health, where asked for) comes first.</summary>
internal sealed record Dependency(Resource Resource, bool UntilHealthy);

/// <summary>Healthy is who answers GET <paramref name="Path"/> with 200.</summary>
internal sealed record HealthCheck(string Path, string EndpointName);

/// <summary>The value of an environment variable, which may be known only when everything has its address.</summary>
internal abstract record EnvironmentValue
{
    public abstract string Resolve(Addresses addresses);
}

internal sealed record LiteralValue(string Value) : EnvironmentValue
{
    public override string Resolve(Addresses addresses) => Value;
}

internal sealed record ParameterValue(string Parameter) : EnvironmentValue
{
    public override string Resolve(Addresses addresses) => addresses.Parameters[Parameter];
}

internal sealed record ConnectionStringValue(string Server) : EnvironmentValue
{
    public override string Resolve(Addresses addresses) => addresses.ConnectionStrings[Server];
}

internal sealed record EndpointValue(string Service, string Endpoint) : EnvironmentValue
{
    public override string Resolve(Addresses addresses) => addresses.Url(Service, Endpoint);
}

/// <summary>Everything that is settled before the first service starts. Ports are those that callers use.</summary>
internal sealed record Addresses(
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> ConnectionStrings,
    IReadOnlyDictionary<string, int> Ports,
    string OtlpEndpoint)
{
    public string Url(string service, string endpoint) => $"http://127.0.0.1:{Ports[ServiceName(service, endpoint)]}";

    /// <summary>The name of an endpoint among DCP's services.</summary>
    public static string ServiceName(string resource, string endpoint) => $"{resource}-{endpoint}";
}
