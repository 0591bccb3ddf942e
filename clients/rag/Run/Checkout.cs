using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Run;

/// <summary>The folder of sources and builds that this command belongs to; the script passes it as RAG_ROOT.</summary>
internal sealed class Checkout
{
    private Checkout(string root, string dataDirectory, string configuration)
    {
        Root = root;
        DataDirectory = dataDirectory;
        Configuration = configuration;
    }

    public string Root { get; }

    /// <summary>Everything a run keeps: Data__Directory when set, else data in the checkout.</summary>
    public string DataDirectory { get; }

    /// <summary>Debug or Release: everything is run as this program was built.</summary>
    public string Configuration { get; }

    /// <summary>Where a distributed run's own broker keeps its queues.</summary>
    public string BrokerDirectory => Path.Combine(DataDirectory, "distributed", "broker");

    public string LogDirectory => Path.Combine(DataDirectory, "logs");

    public string RunFilePath => Path.Combine(DataDirectory, "run.json");

    public static Checkout Find(Session session)
    {
        var root = session.Environment("RAG_ROOT") is { Length: > 0 } given ? Path.GetFullPath(given) : FindAbove(AppContext.BaseDirectory);
        var data = session.Environment("Data__Directory") is { Length: > 0 } chosen ? Path.GetFullPath(chosen, session.CurrentDirectory) : Path.Combine(root, "data");
        // .../bin/Release/net10.0/
        var folder = new DirectoryInfo(AppContext.BaseDirectory).Parent?.Name;
        return new Checkout(root, data, folder == "Debug" ? "Debug" : "Release");
    }

    /// <summary>The program that the project in this folder builds.</summary>
    /// <exception cref="CommandException">It has not been built.</exception>
    public string FindProgram(string projectFolder, string assemblyName)
    {
        var path = Path.Combine(Root, projectFolder, "bin", Configuration, "net10.0", assemblyName + ".dll");
        return File.Exists(path)
            ? path
            : throw new CommandException($"{Path.GetRelativePath(Root, path)} has not been built.", $"Build it with: dotnet build RagPlatform.sln -c {Configuration}");
    }

    private static string FindAbove(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, "RagPlatform.sln")))
            {
                return candidate.FullName;
            }
        }

        throw new CommandException($"There is no RagPlatform.sln above {folder}.", "Run rag from a checkout of RagPlatform, or set RAG_ROOT to one.");
    }
}
