using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>What may be asked for at all, before any name is resolved; every redirect is judged anew.</summary>
public sealed class WebAddressRules(IOptions<WebSourceOptions> options)
{
    public const int MaxUrlCharacters = 2048;

    private static readonly int[] UsualPorts = [80, 443];

    /// <summary>The address in the one form that it is known by: without fragment, default port, and upper case in the host.</summary>
    /// <exception cref="FetchException">It is none, or may not be asked for.</exception>
    public Uri Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxUrlCharacters)
        {
            throw Refused(text, $"has {text.Length} characters; the limit is {MaxUrlCharacters}");
        }

        return Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url)
            ? Check(url.Fragment.Length == 0 ? url : new Uri(url.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped)))
            : throw Refused(text, "is no address");
    }

    /// <exception cref="FetchException">It may not be asked for.</exception>
    public Uri Check(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Scheme is not ("http" or "https"))
        {
            throw Refused(url.OriginalString, "begins neither with http:// nor with https://");
        }

        if (url.UserInfo.Length > 0)
        {
            throw Refused(url.GetLeftPart(UriPartial.Path), "holds a user's name, which is no place for one");
        }

        if (url.Host.Length == 0 || url.AbsoluteUri.Length > MaxUrlCharacters)
        {
            throw Refused(url.OriginalString, $"names no host, or has more than {MaxUrlCharacters} characters");
        }

        var ports = options.Value.Ports.Count > 0 ? options.Value.Ports : UsualPorts;
        return ports.Contains(url.Port) || options.Value.PrivateHosts.Contains($"{url.IdnHost}:{url.Port}", StringComparer.OrdinalIgnoreCase)
            ? url
            : throw new FetchException(WebFailure.PortRefused(url));
    }

    /// <summary>Whether an operator has said that this host's addresses may be private.</summary>
    public bool IsPrivateHost(string host, int port) =>
        options.Value.PrivateHosts.Any(allowed => allowed.Equals(host, StringComparison.OrdinalIgnoreCase) || allowed.Equals($"{host}:{port}", StringComparison.OrdinalIgnoreCase));

    private static FetchException Refused(string url, string problem) => new(WebFailure.UrlRefused(url, problem));
}
