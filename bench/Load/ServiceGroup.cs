using System.Diagnostics;
using Grpc.Core;

namespace RagPlatform.Bench.Load;

/// <summary>Services as processes of their own on this machine that know each other, with a data folder of their own.</summary>
internal sealed class ServiceGroup : IDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, int> ports;
    private readonly Dictionary<string, Process> processes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> settings;

    /// <param name="services">Their folders in services/.</param>
    /// <param name="settings">Of the environment of all of them.</param>
    public ServiceGroup(IEnumerable<string> services, IReadOnlyDictionary<string, string> settings)
    {
        ports = services.ToDictionary(service => service, _ => ServiceProcess.FreePort(), StringComparer.Ordinal);
        this.settings = new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["Data__Directory"] = DataDirectory };
        foreach (var service in ports.Keys)
        {
            this.settings[$"services__{service.ToLowerInvariant()}__http__0"] = AddressOf(service);
        }
    }

    /// <summary>Deleted with the group.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("rag-bench-").FullName;

    public string DataDirectory => Path.Combine(Folder, "data");

    public string AddressOf(string service) => $"http://127.0.0.1:{ports[service]}";

    public Process this[string service] => processes[service];

    /// <param name="service">One of the group.</param>
    /// <param name="more">Settings beside those of all.</param>
    public void Start(string service, params IEnumerable<KeyValuePair<string, string>> more) =>
        processes[service] = ServiceProcess.Start(service, ports[service], settings.Concat(more));

    /// <summary>As kill -9 does.</summary>
    public async Task KillAsync(string service)
    {
        processes[service].Kill();
        await processes[service].WaitForExitAsync();
    }

    public async Task AskUntilAnsweredAsync(string service, Func<Task> ask)
    {
        for (var begin = Stopwatch.GetTimestamp(); ; await Task.Delay(20))
        {
            try
            {
                await ask();
                return;
            }
            catch (RpcException) when (!processes[service].HasExited && Stopwatch.GetElapsedTime(begin) < ReadyTimeout)
            {
                // Not yet.
            }
        }
    }

    public void Dispose()
    {
        foreach (var process in processes.Values)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
