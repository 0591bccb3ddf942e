using System.ComponentModel;
using System.Diagnostics;

namespace RagPlatform.Embedding.Models;

/// <summary>One run of npm, ended with all its children when it is no longer wanted.</summary>
internal static class NpmProcess
{
    private const int MaxErrorChars = 500;

    /// <exception cref="ModelSourceException">npm is not there, or it failed; with what it said.</exception>
    public static async Task RunAsync(string command, IReadOnlyList<string> arguments, string folder, CancellationToken cancellationToken)
    {
        using var process = Start(command, arguments, folder);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        await output;
        if (process.ExitCode != 0)
        {
            throw new ModelSourceException($"npm ended with {process.ExitCode}: {Shorten(await errors)}");
        }
    }

    private static Process Start(string command, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() && command == "npm" ? "npm.cmd" : command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["npm_config_update_notifier"] = "false" },
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ModelSourceException($"'{command}' cannot be started ({exception.Message}); install Node.js, which brings npm", exception);
        }
    }

    private static string Shorten(string text)
    {
        var line = string.Join(' ', text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxErrorChars ? line : line[..MaxErrorChars] + "...";
    }
}
