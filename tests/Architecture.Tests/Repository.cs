using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace RagPlatform.Architecture.Tests;

/// <summary>The checkout as data: its projects, their references, and the files git tracks.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Tracked files, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IReadOnlyList<Project> Projects { get; } =
        [.. Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Select(Project.Read)];

    public static IEnumerable<string> SourceFiles => Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "RagPlatform.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No RagPlatform.sln above {here}.");
        }

        return folder.FullName;
    }

    private static List<string> ListFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Where(file => File.Exists(Path.Combine(Root, file)))];
    }
}

/// <param name="File">The project file, relative to the root.</param>
/// <param name="References">Project files it references, relative to the root; those only built first are left out.</param>
/// <param name="Packages">Ids of the packages it references.</param>
internal sealed record Project(string File, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    /// <summary>The room it is in: the first folder, for example "services".</summary>
    public string Room => File.Split('/')[0];

    public string Name => Path.GetFileNameWithoutExtension(File);

    public static Project Read(string file)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, file))!;
        var document = XDocument.Load(Path.Combine(Repository.Root, file));
        var references = document.Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, ((string)reference.Attribute("Include")!).Replace('\\', '/')))).Replace('\\', '/'));
        return new Project(file, [.. references], [.. document.Descendants("PackageReference").Select(package => (string)package.Attribute("Include")!)]);
    }
}
