using Aspire.Hosting.ApplicationModel;
using RagPlatform.AppHost.Local.Running;

namespace Aspire.Hosting;

public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, string name, string env)
        where T : IResourceWithEndpoints =>
        builder.With(project => project.Endpoints.Add(new EndpointAnnotation(name) { PortVariable = env }));

    public static IResourceBuilder<T> WithEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<EndpointAnnotation> callback)
        where T : IResourceWithEndpoints =>
        builder.With(project => callback(
            project.Endpoints.Find(endpoint => string.Equals(endpoint.Name, endpointName, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"'{project.Name}' has no endpoint '{endpointName}': add it with WithHttpEndpoint first.")));

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder, string path, string endpointName)
        where T : IResourceWithEndpoints =>
        builder.With(project => project.Health = new HealthCheck(path, endpointName));

    /// <summary>Of a container nothing is kept: here its server is provided, with settings of its own.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.Resource is ContainerResource ? builder : builder.With(project => project.Environment.Add((name, new LiteralValue(value ?? ""))));

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.With(project => project.Environment.Add((name, new ParameterValue(parameter.Resource.Name))));

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source)
        where TDestination : IResourceWithEnvironment =>
        builder.With(project =>
        {
            var server = (Resource)source.Resource;
            project.References.Add(server);
            project.Environment.Add(($"ConnectionStrings__{server.Name}", new ConnectionStringValue(server.Name)));
        });

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.With(project =>
        {
            var service = (ProjectResource)source.Resource;
            project.References.Add(service);
            project.Environment.AddRange(service.Endpoints.Select(endpoint =>
                ($"services__{service.Name}__{endpoint.Name}__0", (EnvironmentValue)new EndpointValue(service.Name, endpoint.Name))));
        });

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        builder.With(project => project.Dependencies.Add(new Dependency((Resource)dependency.Resource, UntilHealthy: true)));

    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        builder.With(project => project.Dependencies.Add(new Dependency((Resource)dependency.Resource, UntilHealthy: false)));

    private static IResourceBuilder<T> With<T>(this IResourceBuilder<T> builder, Action<ProjectResource> change)
        where T : IResource
    {
        change((ProjectResource)(object)builder.Resource);
        return builder;
    }
}
