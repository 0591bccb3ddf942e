using System.Net;
using System.Net.Sockets;
using RagPlatform.AppHost.Local.Dashboard;
using RagPlatform.AppHost.Local.Dcp;
using RagPlatform.Provisioning;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>The ports on which DCP listens for the services and the dashboard; they stay, whoever restarts behind them.</summary>
internal static class Ports
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <returns>The port of each of DCP's services, by its name.</returns>
    /// <exception cref="SettingsException">A port that was asked for is taken.</exception>
    /// <exception cref="ProvisioningException">DCP gave no ports in time.</exception>
    public static async Task<Dictionary<string, int>> ReserveAsync(Model model, LocalOptions options, DcpClient dcp, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            foreach (var service in Translator.Services(model)
                .Append(Translator.Service(DashboardProcess.Frontend, options.DashboardPort))
                .Append(Translator.Service(DashboardProcess.Otlp, port: null)))
            {
                RequireFree(service.Metadata.Name, service.Spec.Port);
                ports[service.Metadata.Name] = await dcp.AddServiceAsync(service, limit.Token);
            }

            return ports;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProvisioningException($"DCP gave no ports within {Limit.TotalSeconds:0} s.");
        }
    }

    /// <summary>DCP itself would wait for a taken port for ever.</summary>
    public static void RequireFree(string service, int? port)
    {
        if (port is not { } wanted)
        {
            return;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, wanted);
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw new SettingsException($"Port {wanted}, asked for {service}, cannot be had ({taken.Message}): choose another, or 0 for any free one.");
        }
    }
}
