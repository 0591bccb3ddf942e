using System.Diagnostics;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>One of our programs as a process of its own, with its output in a file; it can be killed as by kill -9.</summary>
internal sealed class PlatformProcess : IDisposable
{
    private readonly Process process;
    private readonly StreamWriter log;

    private PlatformProcess(Process process, StreamWriter log)
    {
        this.process = process;
        this.log = log;
    }

    public bool HasExited => process.HasExited;

    /// <param name="room">Folder of the program's project, for example "services/Standalone".</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="logFile">Receives what it prints, appended.</param>
    public static PlatformProcess Start(string room, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly(room), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(logFile)!,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var output = new StreamWriter(logFile, append: true) { AutoFlush = true };
        var started = new Process { StartInfo = start };
        started.OutputDataReceived += (_, line) => Write(output, line.Data);
        started.ErrorDataReceived += (_, line) => Write(output, line.Data);
        started.Start();
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return new PlatformProcess(started, output);
    }

    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WithTimeout("the killed process's end");
    }

    /// <summary>Asks it to end, as a terminal's Ctrl-C or a service manager would, and kills it if it will not.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
        {
            return;
        }

        using var terminate = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        try
        {
            await process.WaitForExitAsync().WithTimeout("the process's end");
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        lock (log)
        {
            log.Dispose();
        }
    }

    private static void Write(StreamWriter log, string? line)
    {
        lock (log)
        {
            if (line is not null && log.BaseStream is not null)
            {
                log.WriteLine(line);
            }
        }
    }

    /// <summary>The program as built beside these tests, in the same configuration.</summary>
    private static string Assembly(string room)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = output.Parent!.Name;
        var root = output.Parent.Parent!.Parent!.Parent!.Parent!.FullName;
        var file = Path.Combine(root, room, "bin", configuration, output.Name, $"RagPlatform.{Path.GetFileName(room)}.dll");
        return File.Exists(file) ? file : throw new FileNotFoundException($"{file} is not built.");
    }
}
