using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using RagPlatform.AppHost.Local.Running;

namespace Aspire.Hosting;

public interface IDistributedApplicationBuilder
{
    string AppHostDirectory { get; }

    ConfigurationManager Configuration { get; }

    DistributedApplicationExecutionContext ExecutionContext { get; }

    DistributedApplication Build();

    internal IResourceBuilder<T> Add<T>(T resource)
        where T : Resource;
}

public sealed class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext()
    {
    }

    /// <summary>Always: publishing is for the real Aspire.</summary>
    public bool IsRunMode { get; } = true;
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly List<Resource> resources = [];

    internal DistributedApplicationBuilder(string[] arguments)
    {
        Configuration.AddEnvironmentVariables();
        CommandLine.Apply(arguments, Configuration);
    }

    public string AppHostDirectory { get; } = Path.Combine(Checkout.Root, "AppHost");

    public ConfigurationManager Configuration { get; } = new();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public DistributedApplication Build() => new(new Model(resources), Configuration);

    IResourceBuilder<T> IDistributedApplicationBuilder.Add<T>(T resource)
    {
        if (resources.Exists(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"Two resources are called '{resource.Name}': give each a name of its own.");
        }

        resources.Add(resource);
        return new ResourceBuilder<T>(resource);
    }
}
