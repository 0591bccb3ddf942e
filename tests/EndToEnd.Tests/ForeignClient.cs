using System.Diagnostics;
using System.Text.Json;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>Node scripts that know nothing of our code: amqplib for the queue, @grpc/grpc-js for the gateway.</summary>
internal sealed class ForeignClient : IDisposable
{
    private readonly TestFolder folder = new();

    public static bool IsAvailable { get; } = IsOnPath("node") && IsOnPath("npm");

    public static async Task<ForeignClient> InstallAsync()
    {
        var client = new ForeignClient();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "foreign-client")))
        {
            File.Copy(file, client.folder.File(Path.GetFileName(file)));
        }

        await client.RunProcessAsync("npm", ["ci", "--ignore-scripts", "--silent"], TimeSpan.FromSeconds(120));
        return client;
    }

    /// <summary>Runs a script and reads the one JSON line that it prints.</summary>
    public async Task<JsonElement> RunAsync(string script, params string[] arguments)
    {
        var output = await RunProcessAsync("node", [script, .. arguments], TimeSpan.FromSeconds(150));
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> RunProcessAsync(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WithTimeout($"{program} {string.Join(' ', arguments)}", limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        process.ExitCode.ShouldBe(0, $"{program}: {await error}");
        return await output;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
