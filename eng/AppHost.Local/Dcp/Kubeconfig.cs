using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace RagPlatform.AppHost.Local.Dcp;

/// <summary>How to reach DCP: the few values of the kubeconfig that it writes.</summary>
internal sealed partial record Kubeconfig(Uri Server, X509Certificate2 Authority, string Token)
{
    /// <returns>Null while the file is not there or not yet whole.</returns>
    public static Kubeconfig? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var values = Line().Matches(File.ReadAllText(path))
            .ToDictionary(match => match.Groups["key"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);
        try
        {
            return values.TryGetValue("server", out var server)
                && values.TryGetValue("certificate-authority-data", out var authority)
                && values.TryGetValue("token", out var token)
                    ? new(new Uri(server), X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(authority))), token)
                    : null;
        }
        catch (Exception partial) when (partial is FormatException or CryptographicException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^\s*(?<key>server|certificate-authority-data|token): *""?(?<value>[^""\s]+)""? *$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
