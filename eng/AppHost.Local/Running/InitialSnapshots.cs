using Aspire.Hosting.ApplicationModel;
using RagPlatform.AppHost.Local.Dashboard;
using RagPlatform.Provisioning;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>Every resource as it is before the first start: what does not change is settled here.</summary>
internal static class InitialSnapshots
{
    public static IEnumerable<ResourceSnapshot> Of(Model model, Addresses addresses, string dashboardUrl, AspireTools tools, TimeProvider time)
    {
        var now = time.GetUtcNow();
        foreach (var resource in model.Resources)
        {
            yield return resource switch
            {
                ProjectResource project => Project(project, addresses, now),
                ParameterResource parameter => new(parameter.Name, ResourceKind.Parameter, now)
                {
                    State = ResourceStates.Running, Source = addresses.Parameters[parameter.Name],
                },
                _ => new(resource.Name, ResourceKind.Server, now)
                {
                    State = ResourceStates.Starting, IsHealthy = false, Source = WithoutPassword(addresses.ConnectionStrings[resource.Name]),
                },
            };
        }

        yield return new(DashboardProcess.Name, ResourceKind.Tool, now)
        {
            Source = tools.DashboardPath, Endpoints = new Dictionary<string, string>(StringComparer.Ordinal) { ["http"] = dashboardUrl, ["otlp"] = addresses.OtlpEndpoint },
        };
    }

    private static ResourceSnapshot Project(ProjectResource project, Addresses addresses, DateTimeOffset now) => new(project.Name, ResourceKind.Project, now)
    {
        Source = Path.Combine(Checkout.Root, project.Project.ProjectPath),
        Endpoints = project.Endpoints.ToDictionary(endpoint => endpoint.Name, endpoint => addresses.Url(project.Name, endpoint.Name), StringComparer.Ordinal),
        Environment = [.. project.Environment.Select(variable => (variable.Name, variable.Value.Resolve(addresses)))],
        References = [.. project.References.Select(other => other.Name)],
        Dependencies = [.. project.Dependencies.Select(dependency => dependency.Resource.Name)],
    };

    private static string WithoutPassword(string connectionString) =>
        Uri.TryCreate(connectionString, UriKind.Absolute, out var address) ? $"{address.Scheme}://{address.Authority}{address.AbsolutePath}" : "";
}
