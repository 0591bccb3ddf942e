using Aspire.Hosting.ApplicationModel;
using RagPlatform.AppHost.Local.Dcp;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>The services of AppHost.cs as processes to keep up.</summary>
internal static class ManagedProcesses
{
    public static IEnumerable<ManagedProcess> Of(Model model, Addresses addresses) => model.Projects.Select(project => new ManagedProcess(
        project.Name,
        start => Translator.Executable(project, start, addresses, Checkout.AssemblyPath(project.Project)),
        project.Dependencies,
        HealthUrl(project, addresses)));

    private static Uri? HealthUrl(ProjectResource project, Addresses addresses) =>
        project.Health is { } health ? new Uri(new Uri(addresses.Url(project.Name, health.EndpointName)), health.Path) : null;
}
