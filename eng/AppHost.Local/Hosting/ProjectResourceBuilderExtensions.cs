using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public interface IProjectMetadata
{
    /// <summary>The project file, relative to the checkout's root.</summary>
    internal string ProjectPath { get; }
}

public sealed class ProjectResourceOptions
{
    /// <summary>Kept for the real Aspire: the local run starts the built assembly and reads no launch profile.</summary>
    public bool ExcludeLaunchProfile { get; set; }
}

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        configure(new ProjectResourceOptions());
        return builder.Add(new ProjectResource(name, new TProject()));
    }
}
