using Google.Protobuf.WellKnownTypes;
using RagPlatform.AppHost.Local.Dashboard.V1;
using RagPlatform.AppHost.Local.Dcp;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Dashboard;

/// <summary>From our snapshots to what the dashboard shows. The property names are Aspire's.</summary>
internal static class ResourceMapping
{
    /// <summary>SERVICE-INSTANCE: by this the dashboard finds a resource's telemetry.</summary>
    public static string DashboardName(string name) => $"{name}-{Translator.InstanceId}";

    public static Resource ToProto(ResourceSnapshot snapshot)
    {
        var resource = new Resource
        {
            Name = DashboardName(snapshot.Name),
            DisplayName = snapshot.Name,
            Uid = DashboardName(snapshot.Name),
            ResourceType = snapshot.Kind switch { ResourceKind.Project => "Project", ResourceKind.Server => "ConnectionString", _ => "Parameter" },
            State = snapshot.State,
            CreatedAt = Timestamp.FromDateTimeOffset(snapshot.CreatedAt),
        };
        if (Style(snapshot.State) is { } style)
        {
            resource.StateStyle = style;
        }

        if (snapshot.StartedAt is { } startedAt)
        {
            resource.StartedAt = Timestamp.FromDateTimeOffset(startedAt);
        }

        if (snapshot.StoppedAt is { } stoppedAt)
        {
            resource.StoppedAt = Timestamp.FromDateTimeOffset(stoppedAt);
        }

        resource.Environment.Add(snapshot.Environment.Select(variable => new V1.EnvironmentVariable { Name = variable.Name, Value = variable.Value, IsFromSpec = true }));
        resource.Urls.Add(snapshot.Endpoints.Select(endpoint => new Url
        {
            // The dashboard's graph shows the first, and sorts by name what has no order: the probes' before the service's own.
            EndpointName = endpoint.Key, FullUrl = endpoint.Value, IsInactive = !snapshot.IsRunning,
            DisplayProperties = new() { DisplayName = endpoint.Key, SortOrder = endpoint.Key == "http" ? 1 : 0 },
        }));
        resource.Relationships.Add(snapshot.References.Select(name => new ResourceRelationship { ResourceName = name, Type = "Reference" }));
        resource.Relationships.Add(snapshot.Dependencies.Select(name => new ResourceRelationship { ResourceName = name, Type = "WaitFor" }));
        resource.Properties.Add(Properties(snapshot));
        if (snapshot.Kind is ResourceKind.Project)
        {
            resource.Commands.Add(Commands(snapshot));
        }

        if (snapshot.IsRunning && snapshot.Kind is not ResourceKind.Parameter)
        {
            resource.HealthReports.Add(Health(snapshot));
        }

        return resource;
    }

    private static HealthReport Health(ResourceSnapshot snapshot)
    {
        var report = new HealthReport { Key = $"{snapshot.Name}_check", Description = snapshot.HealthDescription };
        if (snapshot.IsHealthy is { } isHealthy)
        {
            report.Status = isHealthy ? HealthStatus.Healthy : HealthStatus.Unhealthy;
        }

        return report;
    }

    private static IEnumerable<ResourceProperty> Properties(ResourceSnapshot snapshot)
    {
        var sourceName = snapshot.Kind switch { ResourceKind.Project => "project.path", ResourceKind.Server => "resource.source", _ => "Value" };
        yield return Property(sourceName, Value.ForString(snapshot.Source), isSensitive: snapshot.Kind is ResourceKind.Parameter);
        if (snapshot.ProcessId is { } processId)
        {
            yield return Property("executable.pid", Value.ForNumber(processId));
        }

        if (snapshot.ExitCode is { } exitCode)
        {
            yield return Property("resource.exitCode", Value.ForNumber(exitCode));
        }

        if (snapshot.Kind is ResourceKind.Project)
        {
            yield return Property("restarts", Value.ForNumber(snapshot.Restarts));
        }
    }

    private static ResourceProperty Property(string name, Value value, bool isSensitive = false) => new() { Name = name, Value = value, IsSensitive = isSensitive };

    private static IEnumerable<V1.ResourceCommand> Commands(ResourceSnapshot snapshot)
    {
        var isUp = snapshot.State is ResourceStates.Running or ResourceStates.Starting;
        var isDown = snapshot.State is ResourceStates.Exited or ResourceStates.FailedToStart or ResourceStates.Restarting;
        yield return Command("start", "Start", "Play", isDown);
        yield return Command("stop", "Stop", "Stop", isUp);
        yield return Command("restart", "Restart", "ArrowCounterclockwise", isUp);
    }

    private static V1.ResourceCommand Command(string name, string displayName, string icon, bool isPossible) => new()
    {
        Name = name,
        DisplayName = displayName,
        IconName = icon,
        IconVariant = IconVariant.Filled,
        IsHighlighted = true,
        State = isPossible ? ResourceCommandState.Enabled : ResourceCommandState.Hidden,
    };

    private static string? Style(string state) => state switch
    {
        ResourceStates.Running => "success",
        ResourceStates.Restarting => "warning",
        ResourceStates.FailedToStart => "error",
        _ => null,
    };
}
