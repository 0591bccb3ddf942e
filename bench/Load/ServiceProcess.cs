using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RagPlatform.Bench.Load;

/// <summary>One of our services as a process of its own, as built in Release.</summary>
internal static class ServiceProcess
{
    /// <param name="service">Its folder in services/, for example "Retrieval".</param>
    /// <param name="port">For gRPC.</param>
    /// <param name="settings">Of its environment.</param>
    public static Process Start(string service, int port, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var program = Path.GetFullPath($"services/{service}/bin/Release/net10.0/RagPlatform.{service}.dll");
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"{program} is not there. Run from the repository's root after: dotnet build RagPlatform.sln -c Release");
        }

        var start = new ProcessStartInfo("dotnet", [program])
        {
            Environment = { ["GRPC_PORT"] = $"{port}", ["HEALTH_PORT"] = "0", ["Logging__LogLevel__Default"] = "Warning" },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
