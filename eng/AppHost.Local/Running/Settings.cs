using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>What must be there before anything is started.</summary>
internal static class Settings
{
    /// <exception cref="SettingsException">A parameter has no value.</exception>
    public static Dictionary<string, string> Parameters(Model model, IConfiguration configuration) =>
        model.Resources.OfType<ParameterResource>().ToDictionary(
            parameter => parameter.Name,
            parameter => configuration[$"Parameters:{parameter.Name}"] is { Length: > 0 } value
                ? value
                : throw new SettingsException($"The parameter '{parameter.Name}' has no value: set the environment variable Parameters__{parameter.Name}."),
            StringComparer.Ordinal);

    /// <exception cref="SettingsException">A service has not been built.</exception>
    public static void RequireBuilt(Model model)
    {
        foreach (var project in model.Projects)
        {
            var assembly = Checkout.AssemblyPath(project.Project);
            if (!File.Exists(assembly))
            {
                throw new SettingsException($"The service '{project.Name}' is not built ({assembly} is missing): run dotnet build in {Checkout.Root}.");
            }
        }
    }
}
