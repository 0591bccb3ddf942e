using System.Reflection;
using Aspire.Hosting;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>Where the sources lie that this program was built from, and what was built beside it.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Debug or Release: the services run as this program was built.</summary>
    private static string Configuration { get; } =
        typeof(Checkout).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public static string ProjectDirectory(IProjectMetadata project) =>
        Path.GetDirectoryName(Path.Combine(Root, project.ProjectPath))!;

    /// <summary>services/X/bin/CONFIGURATION/net10.0/RagPlatform.X.dll.</summary>
    public static string AssemblyPath(IProjectMetadata project) =>
        Path.Combine(
            ProjectDirectory(project), "bin", Configuration, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            $"RagPlatform.{Path.GetFileNameWithoutExtension(project.ProjectPath)}.dll");

    private static string Find(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, "RagPlatform.sln")))
            {
                return candidate.FullName;
            }
        }

        throw new InvalidOperationException($"No RagPlatform.sln above {folder}: run AppHost.Local from the checkout that it was built in.");
    }
}
