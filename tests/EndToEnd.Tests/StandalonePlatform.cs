using Grpc.Net.Client;
using RagPlatform.Provisioning;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>The standalone platform as a user runs it: one process, a data folder, the real model.</summary>
internal sealed class StandalonePlatform((string Name, string Value)[] settings) : IAsyncDisposable
{
    private readonly TestFolder data = new();
    private readonly int[] ports = LoopbackPorts.FindFree(2);
    private PlatformProcess? process;

    public string LogFile => data.File("standalone.log");

    /// <summary>In the folder that holds the platform's data folder.</summary>
    public string File(string path) => data.File(path);

    /// <param name="settings">Of its environment, beside and over those that every test needs.</param>
    public static async Task<StandalonePlatform> StartAsync(params (string Name, string Value)[] settings)
    {
        var platform = new StandalonePlatform(settings);
        await platform.RestartAsync();
        return platform;
    }

    public async Task RestartAsync()
    {
        process?.Dispose();
        var environment = new Dictionary<string, string>
        {
            ["Data__Directory"] = data.File("data"),
            ["Embedding__ModelsDirectory"] = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(RequiresModelFactAttribute.Folder))!,
            ["GRPC_PORT"] = $"{ports[0]}",
            ["HEALTH_PORT"] = $"{ports[1]}",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        process = PlatformProcess.Start("services/Standalone", [], environment, LogFile);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports[1]}") };
        await TestTimeout.EventuallyAsync(() => IsHealthyAsync(http), $"the standalone platform's health (log: {LogFile})");
    }

    public Task KillAsync() => process!.KillAsync();

    public Gateway Connect(string apiKey = "dev") => new(GrpcChannel.ForAddress($"http://127.0.0.1:{ports[0]}"), apiKey);

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.StopAsync();
            process.Dispose();
        }

        data.Dispose();
    }

    private async Task<bool> IsHealthyAsync(HttpClient http)
    {
        process!.HasExited.ShouldBeFalse($"The process ended; see {LogFile}: {string.Join('\n', ReadLogTail())}");
        try
        {
            using var response = await http.GetAsync("/health");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private IEnumerable<string> ReadLogTail()
    {
        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n').TakeLast(20);
    }
}
