using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>The service as its own process, to be killed.</summary>
internal sealed class IngestionProcess : IDisposable
{
    private readonly Process _process;

    private IngestionProcess(Process process) => _process = process;

    public static async Task<IngestionProcess> StartAsync(string folder, Uri broker, Uri neighbours, params (string Name, string Value)[] environment)
    {
        var healthPort = FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "RagPlatform.Ingestion.dll")])
        {
            WorkingDirectory = folder,
            Environment =
            {
                ["Data__Directory"] = folder,
                ["ConnectionStrings__rabbitmq"] = broker.ToString(),
                ["services__embedding__http__0"] = neighbours.ToString(),
                ["services__retrieval__http__0"] = neighbours.ToString(),
                ["GRPC_PORT"] = "0",
                ["HEALTH_PORT"] = $"{healthPort}",
                ["Logging__LogLevel__Default"] = "Error",
            },
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new IngestionProcess(Process.Start(start)!);
        using var client = new HttpClient();
        await TestTimeout.EventuallyAsync(() => IsHealthyAsync(client, new Uri($"http://127.0.0.1:{healthPort}/health")), "the ingestion process is healthy", TimeSpan.FromSeconds(60));
        return process;
    }

    /// <summary>As kill -9 does.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client, Uri health)
    {
        try
        {
            using var response = await client.GetAsync(health);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
