using System.Globalization;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>Why something of the web could not be had. The closed set of what sources report.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Reason">Names the address, the value and the limit.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="HttpStatus">The last answer's; 0 when there was none.</param>
/// <param name="IsTransient">Whether the same request may succeed a little later.</param>
public sealed record WebFailure(string Code, string Reason, string Remedy, int HttpStatus = 0, bool IsTransient = false)
{
    public static WebFailure UrlRefused(string url, string problem) =>
        new("URL_REFUSED", $"'{IngestionErrors.Shorten(url)}' {problem}.", "Give an address as https://example.com/page.");

    public static WebFailure PortRefused(Uri url) =>
        new("PORT_REFUSED", string.Create(CultureInfo.InvariantCulture, $"{Show(url)} asks for port {url.Port}, which is not allowed."), "Add it to Ingestion:Sources:Ports, or the host with its port to Ingestion:Sources:PrivateHosts.");

    public static WebFailure AddressRefused(string host, string address) =>
        new("ADDRESS_REFUSED", $"{host} has the address {address}, which is not of the public internet.", "If it is a server of your intranet, an operator can add the host to Ingestion:Sources:PrivateHosts.");

    public static WebFailure Unreachable(Uri url, string problem) => new("UNREACHABLE", $"{Show(url)} could not be reached: {problem}", "Check that the server runs and that this machine may reach it.", IsTransient: true);

    public static WebFailure TimedOut(Uri url, string problem) => new("TIMED_OUT", $"{Show(url)} {problem}.", "Check the server, or raise Ingestion:Sources:RequestTimeoutSeconds or IdleTimeoutSeconds.", IsTransient: true);

    public static WebFailure TooLarge(Uri url, long limitBytes) =>
        new("TOO_LARGE", string.Create(CultureInfo.InvariantCulture, $"{Show(url)} has more than {limitBytes} bytes, the limit."), "Raise Ingestion:Sources:MaxPageBytes, and Ingestion:MaxDocumentBytes if need be.");

    public static WebFailure TooManyRedirects(Uri url, int limit) =>
        new("TOO_MANY_REDIRECTS", string.Create(CultureInfo.InvariantCulture, $"{Show(url)} is redirected more than {limit} times, the limit."), "Give the address that it ends at.");

    public static WebFailure NoTarget(Uri url, int status) => new("BAD_REDIRECT", $"{Show(url)} is redirected to no address that can be read.", "Give the address that it should end at.", status);

    public static WebFailure Status(Uri url, int status) =>
        new("HTTP_STATUS", string.Create(CultureInfo.InvariantCulture, $"{Show(url)} answered {status}."), "Open the address in a browser; a page that needs a login cannot be crawled.", status, IsTransient: status is 408 or 429 or >= 500);

    public static WebFailure RobotsDisallow(Uri url) =>
        new("ROBOTS_DISALLOWED", $"robots.txt of {url.Host} does not allow {Show(url)}.", "Ask the owner of the site, or, for a site of your own, allow it there or set Ingestion:Sources:RespectRobots to false.");

    public static WebFailure RobotsUnavailable(Uri url, string problem) =>
        new("ROBOTS_UNAVAILABLE", $"robots.txt of {url.Host} could not be read, which forbids all (RFC 9309): {problem}", "It is tried again with the next crawl.");

    public static WebFailure HostGivenUp(Uri url, int failures) =>
        new("HOST_GIVEN_UP", string.Create(CultureInfo.InvariantCulture, $"{url.Host} failed for {failures} pages in a row; the others were not asked for."), "Check the server. It is tried again with the next crawl.");

    public static WebFailure Sitemap(Uri url, string problem) => new("SITEMAP_UNREADABLE", $"{Show(url)} {problem}.", "See https://www.sitemaps.org/protocol.html.");

    /// <summary>Without what may be a secret.</summary>
    private static string Show(Uri url) => IngestionErrors.Shorten(url.GetLeftPart(UriPartial.Path));
}

/// <summary>Carries a <see cref="WebFailure"/> to whoever records it.</summary>
public sealed class FetchException(WebFailure failure, Exception? innerException = null) : Exception(failure.Reason, innerException)
{
    public WebFailure Failure { get; } = failure;
}
