using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Support;

/// <summary>The service as a process of its own, to be killed.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly GrpcChannel _channel;

    private ServiceProcess(Process process, int port)
    {
        _process = process;
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        Client = new FineTuneJobsService.FineTuneJobsServiceClient(_channel.Intercept(metadata =>
        {
            metadata.Add("rag-tenant", "default");
            return metadata;
        }));
    }

    public FineTuneJobsService.FineTuneJobsServiceClient Client { get; }

    public static async Task<ServiceProcess> StartAsync(string folder, params (string Name, string Value)[] settings)
    {
        var (grpcPort, healthPort) = (FreePort(), FreePort());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "RagPlatform.FineTuneJobs.dll")])
        {
            WorkingDirectory = folder,
            Environment =
            {
                ["Data__Directory"] = folder,
                ["GRPC_PORT"] = $"{grpcPort}",
                ["HEALTH_PORT"] = $"{healthPort}",
                ["Logging__LogLevel__Default"] = "Error",
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = new ServiceProcess(Process.Start(start)!, grpcPort);
        using var client = new HttpClient();
        await TestTimeout.EventuallyAsync(() => IsHealthyAsync(client, new Uri($"http://127.0.0.1:{healthPort}/health")), "the service is healthy", TimeSpan.FromSeconds(60));
        return process;
    }

    /// <summary>As kill -9 does, without its children.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: false);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _channel.Dispose();
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
