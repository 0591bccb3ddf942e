using System.Diagnostics;
using System.Globalization;
using RagPlatform.Provisioning;

namespace RagPlatform.AppHost.Local.Dcp;

/// <summary>DCP as a process: it watches this one and ends everything it started when this one is gone.</summary>
internal sealed class DcpServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly string session;

    private DcpServer(string session, DcpClient client)
    {
        this.session = session;
        Client = client;
    }

    public DcpClient Client { get; }

    /// <exception cref="ProvisioningException">It did not come up in time.</exception>
    public static async Task<DcpServer> StartAsync(string dcpPath, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ragplatform-dcp-").FullName;
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        var start = new ProcessStartInfo(dcpPath,
            ["start-apiserver", "--monitor", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "--detach", "--kubeconfig", kubeconfig])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DCP_SESSION_FOLDER"] = folder;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartTimeout);
        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(limit.Token);
            while (true)
            {
                if (Kubeconfig.TryRead(kubeconfig) is { } access)
                {
                    var client = new DcpClient(access);
                    if (await client.AnswersAsync(limit.Token))
                    {
                        return new DcpServer(folder, client);
                    }

                    client.Dispose();
                }

                await Task.Delay(PollInterval, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProvisioningException($"DCP did not answer within {StartTimeout.TotalSeconds:0} s of its start: {dcpPath}.");
        }
    }

    /// <summary>Stops everything that DCP started, then DCP.</summary>
    public async ValueTask DisposeAsync()
    {
        using (Client)
        {
            using var limit = new CancellationTokenSource(StopTimeout);
            await Client.StopEverythingAsync(limit.Token);
        }

        try
        {
            Directory.Delete(session, recursive: true);
        }
        catch (IOException)
        {
            // DCP may be writing its last log line; the folder is in the system's temporary one.
        }
    }
}
