using System.Diagnostics;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Provisioning;

namespace RagPlatform.CommandLine.Run;

/// <summary>The Aspire dashboard beside a standalone run: traces, metrics and logs, on loopback, without a login.</summary>
internal sealed record Dashboard(Process Process, Uri Address, Uri Otlp) : IDisposable
{
    public const int DefaultPort = 18888;

    /// <summary>Lets go of it; it runs on.</summary>
    public void Dispose() => Process.Dispose();

    /// <summary>Null, with one line that says why, where the dashboard cannot be had: the platform runs without it.</summary>
    public static async Task<Dashboard?> TryStartAsync(Session session, Checkout checkout, CancellationToken cancellationToken)
    {
        AspireTools tools;
        try
        {
            tools = AspireTools.Find() ?? await session.ShowAsync("Looking for the Aspire dashboard.", report =>
                AspireTools.EnsureAsync(new Progress<ProvisioningProgress>(progress => report(progress.Message)), cancellationToken));
        }
        catch (ProvisioningException failure)
        {
            session.Note($"The dashboard is left out: {failure.Message}");
            return null;
        }

        var port = PortChoice.FreeFrom(session, DefaultPort, "The dashboard");
        var otlpPort = PortChoice.FreeFrom(session, Math.Max(port, DefaultPort) + 1, what: null);
        var address = new Uri($"http://127.0.0.1:{port}");
        var otlp = new Uri($"http://127.0.0.1:{otlpPort}");
        var process = DetachedProcess.Start(
            tools.DashboardPath,
            ["dashboard"],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_URLS"] = address.OriginalString,
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = otlp.OriginalString,
                ["DASHBOARD__FRONTEND__AUTHMODE"] = "Unsecured",
                ["DASHBOARD__OTLP__AUTHMODE"] = "Unsecured",
                ["DASHBOARD__API__ENABLED"] = "true",
                ["DASHBOARD__API__AUTHMODE"] = "Unsecured",
                ["DASHBOARD__APPLICATIONNAME"] = "RagPlatform",
            },
            checkout.Root,
            Path.Combine(checkout.LogDirectory, "dashboard.log"));
        return new Dashboard(process, address, otlp);
    }
}
