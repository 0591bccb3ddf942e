using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace RagPlatform.FineTuneJobs.Workers.Processes;

/// <summary>How a worker is started.</summary>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments, to which the job's folder is added.</param>
public sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>A worker, and all that it starts, has this variable, whose value is the job's folder.</summary>
    public const string FolderVariable = "RAG_JOB_FOLDER";

    /// <summary>All that a worker is told of this process's environment: what a program needs to start. The rest may hold secrets.</summary>
    private static readonly string[] InheritedVariables =
    [
        "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "DOTNET_ROOT", "LD_LIBRARY_PATH", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
        "SystemRoot", "windir", "USERPROFILE",
    ];

    /// <summary>Programs whose first line hands over to <see cref="TrainWorker"/>.</summary>
    private static readonly string[] WorkerPrograms = ["RagPlatform.FineTuneJobs", "RagPlatform.Standalone"];

    /// <summary>This program again where it knows how to be a worker, else this assembly as a program of its own.</summary>
    public static WorkerCommand OfThisProgram()
    {
        var program = Environment.ProcessPath;
        var name = Path.GetFileNameWithoutExtension(program) ?? "";
        return program is not null && WorkerPrograms.Contains(name, StringComparer.Ordinal)
            ? new WorkerCommand(program, [TrainWorker.Argument])
            : new WorkerCommand(name == "dotnet" ? program! : DotnetHost(), ["exec", WorkerAssembly(), TrainWorker.Argument]);
    }

    /// <param name="folder">Of the job.</param>
    /// <param name="memoryMebibytes">Of its managed heap.</param>
    /// <param name="environment">Further variables.</param>
    public ProcessStartInfo ToStartInfo(string folder, int memoryMebibytes, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var start = new ProcessStartInfo(Program, [.. Arguments, folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (var variable in InheritedVariables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                start.Environment[variable] = value;
            }
        }

        start.Environment["DOTNET_GCHeapHardLimit"] = (memoryMebibytes * 1024L * 1024).ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        // No diagnostics socket, and no dump of somebody's data.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[FolderVariable] = folder;
        return start;
    }

    private static string WorkerAssembly()
    {
        var entry = Assembly.GetEntryAssembly();
        var assembly = entry is not null && WorkerPrograms.Contains(entry.GetName().Name, StringComparer.Ordinal) ? entry : typeof(WorkerCommand).Assembly;
        return assembly.Location;
    }

    private static string DotnetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // The runtime lies in ROOT/shared/Microsoft.NETCore.App/VERSION.
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var host = Path.Combine(root, name);
        return File.Exists(host) ? host : name;
    }
}
