using System.Diagnostics;
using System.Text.Json;

namespace RagPlatform.Bench.Engines.Lexical;

/// <summary>A peer, run by lexical_peers.py in a process of its own, where Python and the peer's module are there.</summary>
internal static class PeerRun
{
    /// <summary>Debian's modules are its own interpreter's only, and another may come first on the path.</summary>
    private const string DebianPython = "/usr/bin/python3";

    /// <summary>Null where the peer cannot be had; the reason is printed.</summary>
    public static EngineRun? Run(string peer, LexicalData data, string folder)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Lexical", "lexical_peers.py");
        var start = new ProcessStartInfo(File.Exists(DebianPython) ? DebianPython : "python3", [script, peer, data.ChunksFile, data.QuestionsFile, folder]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0)
            {
                return JsonSerializer.Deserialize<EngineRun>(output, JsonSerializerOptions.Web);
            }

            Console.Error.WriteLine($"{peer} is left out: {errors.Result.Trim().Split('\n')[^1]}");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Console.Error.WriteLine($"{peer} is left out: python3 cannot be run: {exception.Message}");
        }

        return null;
    }
}
