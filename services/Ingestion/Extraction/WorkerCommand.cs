using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>How a worker is started.</summary>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record WorkerCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>
    /// All that a worker is told of this process's environment: what a program needs to start. The rest may hold secrets, and
    /// a worker reads what strangers wrote.
    /// </summary>
    private static readonly string[] InheritedVariables =
    [
        "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "DOTNET_ROOT", "LD_LIBRARY_PATH", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
        "SystemRoot", "windir", "USERPROFILE",
    ];

    /// <summary>Programs whose first line hands over to <see cref="ExtractionWorker"/>.</summary>
    private static readonly string[] WorkerPrograms = ["RagPlatform.Ingestion", "RagPlatform.Standalone"];

    /// <summary>This program again where it knows how to be a worker, else this assembly as a program of its own.</summary>
    public static WorkerCommand OfThisProgram()
    {
        var program = Environment.ProcessPath;
        var name = Path.GetFileNameWithoutExtension(program) ?? "";
        return program is not null && WorkerPrograms.Contains(name, StringComparer.Ordinal)
            ? new WorkerCommand(program, [ExtractionWorker.Argument])
            : new WorkerCommand(name == "dotnet" ? program! : DotnetHost(), ["exec", WorkerAssembly(), ExtractionWorker.Argument]);
    }

    /// <param name="limits">What the worker may take; its managed heap gets three quarters of the memory.</param>
    public ProcessStartInfo ToStartInfo(WorkerLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var start = new ProcessStartInfo(Program, [.. Arguments, .. limits.ToArguments()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment.Clear();
        foreach (var variable in InheritedVariables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                start.Environment[variable] = value;
            }
        }

        var heapBytes = limits.MemoryBytes * 3 / 4;
        start.Environment["DOTNET_GCHeapHardLimit"] = heapBytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        // No diagnostics socket, and no dump of a stranger's document.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
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
