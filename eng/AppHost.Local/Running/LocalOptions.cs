using Microsoft.Extensions.Configuration;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>What a local run can be told; all of it optional.</summary>
/// <param name="RunFile">Where the run is described as JSON while it lasts; null for nowhere.</param>
/// <param name="DashboardPort">The dashboard's port on loopback; null takes any free one.</param>
/// <param name="DataDirectory">The folder under which a broker that is started here keeps its queues.</param>
internal sealed record LocalOptions(string? RunFile, int? DashboardPort, string DataDirectory)
{
    public const string RunFileKey = "Local:RunFile";
    public const string GatewayPortKey = "Gateway:Port";
    public const string DashboardPortKey = "Local:DashboardPort";

    public static LocalOptions From(IConfiguration configuration) => new(
        configuration[RunFileKey] is { Length: > 0 } path ? Path.GetFullPath(path) : null,
        configuration.GetValue<int?>(DashboardPortKey),
        Path.GetFullPath(configuration["Data:Directory"] ?? Path.Combine(Checkout.Root, "data")));
}
