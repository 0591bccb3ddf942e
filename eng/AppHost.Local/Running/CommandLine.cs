using Microsoft.Extensions.Configuration;

namespace RagPlatform.AppHost.Local.Running;

/// <summary>The options, as configuration: what they set can also come from the environment.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["--run-file"] = LocalOptions.RunFileKey,
        ["--gateway-port"] = LocalOptions.GatewayPortKey,
        ["--dashboard-port"] = LocalOptions.DashboardPortKey,
    };

    /// <exception cref="SettingsException">An unknown option, a missing value, a port that is none.</exception>
    public static void Apply(string[] arguments, IConfigurationBuilder configuration)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < arguments.Length; index += 2)
        {
            if (!Options.TryGetValue(arguments[index], out var key))
            {
                throw new SettingsException($"'{arguments[index]}' is no option. Options: --run-file PATH, --gateway-port PORT, --dashboard-port PORT.");
            }

            if (index + 1 == arguments.Length)
            {
                throw new SettingsException($"{arguments[index]} has no value: give one after it.");
            }

            values[key] = arguments[index].EndsWith("-port", StringComparison.Ordinal)
                ? Port(arguments[index], arguments[index + 1])
                : arguments[index + 1];
        }

        configuration.AddInMemoryCollection(values);
    }

    /// <returns>Null for 0: any free port.</returns>
    private static string? Port(string option, string value) =>
        ushort.TryParse(value, out var port)
            ? port == 0 ? null : value
            : throw new SettingsException($"{option}: '{value}' is no port. Use 0 (any free one) to 65535.");
}
