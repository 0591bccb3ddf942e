using Aspire.Hosting.ApplicationModel;
using RagPlatform.AppHost.Local.Dcp;
using RagPlatform.AppHost.Local.Running;

namespace RagPlatform.AppHost.Local.Dashboard;

/// <summary>The real Aspire dashboard as one more process under DCP, open to this machine's users only.</summary>
internal static class DashboardProcess
{
    public const string Name = "dashboard";
    public const string Frontend = Name + "-http";
    public const string Otlp = Name + "-otlp";

    public static ManagedProcess Describe(string path, string frontendUrl, string resourceServiceUrl, string resourceServiceKey)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{Translator.PortForServing(Frontend)}",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{Translator.PortForServing(Otlp)}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = resourceServiceUrl,
            ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
            ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = resourceServiceKey,
            ["DASHBOARD__FRONTEND__AUTHMODE"] = "Unsecured",
            ["DASHBOARD__OTLP__AUTHMODE"] = "Unsecured",
            ["DASHBOARD__API__ENABLED"] = "true",
            ["DASHBOARD__API__AUTHMODE"] = "Unsecured",
        };
        return new ManagedProcess(
            Name,
            start => Translator.Executable(Name, start, path, Path.GetDirectoryName(path)!, [Name], environment, [Frontend, Otlp]),
            [],
            new Uri(frontendUrl + "/health"));
    }
}
