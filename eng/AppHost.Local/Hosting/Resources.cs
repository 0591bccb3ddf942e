using RagPlatform.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

public interface IResource;

public interface IResourceWithConnectionString : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public interface IResourceWithWaitSupport : IResource;

public abstract class Resource : IResource
{
    private protected Resource(string name) => Name = name;

    internal string Name { get; }
}

/// <summary>A value from configuration "Parameters:NAME".</summary>
public sealed class ParameterResource : Resource
{
    internal ParameterResource(string name, bool secret)
        : base(name) => IsSecret = secret;

    internal bool IsSecret { get; }
}

public abstract class ContainerResource : Resource, IResourceWithEnvironment
{
    private protected ContainerResource(string name)
        : base(name)
    {
    }
}

/// <summary>Here no container: the broker that this machine can provide (eng/Provisioning).</summary>
public sealed class RabbitMQServerResource : ContainerResource, IResourceWithConnectionString
{
    internal RabbitMQServerResource(string name)
        : base(name)
    {
    }
}

public sealed class QdrantServerResource : ContainerResource, IResourceWithConnectionString
{
    internal QdrantServerResource(string name)
        : base(name)
    {
    }
}

/// <summary>A server that already runs; its address comes from configuration "ConnectionStrings:NAME".</summary>
internal sealed class ConnectionStringResource(string name) : Resource(name), IResourceWithConnectionString;

/// <summary>A service of ours: a process with endpoints, an environment, dependencies and a health check.</summary>
public sealed class ProjectResource : Resource, IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    internal ProjectResource(string name, IProjectMetadata project)
        : base(name) => Project = project;

    internal IProjectMetadata Project { get; }

    internal List<EndpointAnnotation> Endpoints { get; } = [];

    internal List<(string Name, EnvironmentValue Value)> Environment { get; } = [];

    internal List<Resource> References { get; } = [];

    internal List<Dependency> Dependencies { get; } = [];

    internal HealthCheck? Health { get; set; }
}
