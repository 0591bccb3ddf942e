using System.ComponentModel.DataAnnotations;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>Bound from "Ingestion:Sources"; validated on start.</summary>
public sealed class WebSourceOptions
{
    public const string Section = "Ingestion:Sources";

    /// <summary>Ports that are asked. 80 and 443 when there is none.</summary>
    public IList<int> Ports { get; init; } = [];

    /// <summary>Hosts, each "name" or "name:port", whose addresses may be private: an intranet's. With a port, that one is allowed, too. Default none.</summary>
    public IList<string> PrivateHosts { get; init; } = [];

    /// <summary>How requests call themselves; its first word, up to "/", is what robots.txt is read for. Default "RagPlatform/0.1".</summary>
    [RegularExpression("[A-Za-z_-]{1,64}(/[ -~]{0,128})?", MatchTimeoutInMilliseconds = 1000)]
    public string UserAgent { get; set; } = "RagPlatform/0.1";

    /// <summary>Whether robots.txt (RFC 9309) is heeded. Default true.</summary>
    public bool RespectRobots { get; set; } = true;

    /// <summary>A page's body, unpacked. Bytes, default 16 MiB; 1 KiB to 64 MiB; the limit of documents counts as well.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxPageBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>From a request to the end of its answer. Seconds, default 30; 1 to 600.</summary>
    [Range(1, 600)]
    public int RequestTimeoutSeconds { get; set; } = 30;

    /// <summary>Between two pieces of an answer. Seconds, default 10; 1 to 600.</summary>
    [Range(1, 600)]
    public int IdleTimeoutSeconds { get; set; } = 10;

    /// <summary>Redirects followed one after the other. Default 5; 0 to 20.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Requests to one host at once, over all sources. Default 2; 1 to 64.</summary>
    [Range(1, 64)]
    public int HostConcurrency { get; set; } = 2;

    /// <summary>From the begin of one request to a host to the next. Milliseconds, default 250; 0 to 60,000.</summary>
    [Range(0, 60_000)]
    public int HostDelayMilliseconds { get; set; } = 250;

    /// <summary>Pages of a source. Default 50,000; 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxPages { get; set; } = 50_000;

    /// <summary>Sources of a tenant. Default 100; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxSourcesPerTenant { get; set; } = 100;

    /// <summary>Crawls at once; further ones wait. Default 8; 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxCrawls { get; set; } = 8;

    /// <summary>Of these, one tenant's. Default 2; 1 to 64.</summary>
    [Range(1, 64)]
    public int MaxCrawlsPerTenant { get; set; } = 2;

    /// <summary>Pages of a crawl asked for at once. Default 4; 1 to 64.</summary>
    [Range(1, 64)]
    public int PageConcurrency { get; set; } = 4;
}
