using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Sources;
using RagPlatform.Ingestion.Sources.Crawling;
using RagPlatform.Ingestion.Sources.Web;

namespace RagPlatform.Ingestion.Features.Sources;

/// <summary>What a source must be; the limits are the proto's.</summary>
public sealed class SourceRules(WebAddressRules addresses, IOptions<WebSourceOptions> options)
{
    public const int MaxMetadataEntries = 32;
    private const int MinIntervalSeconds = 60;
    private const int MaxIntervalSeconds = 30 * 24 * 3600;
    private const int MaxGraceSeconds = 365 * 24 * 3600;
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromDays(1);

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field, the value and the limit.</exception>
    public static SourceKey CheckKey(string tenant, string name) =>
        new(
            SubmissionRules.CheckTenant(tenant),
            Names.IsCollection(name)
                ? name
                : throw IngestionErrors.Invalid("name", $"'{IngestionErrors.Shorten(name)}' is no source's name; it must match {Names.NamePattern}.", "Use 1 to 63 of a-z, 0-9, \"_\" and \"-\", beginning with a letter or digit."));

    /// <inheritdoc cref="CheckKey"/>
    public SourceDefinition Check(SourceDefinition given, int intervalSeconds, int? graceSeconds)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (given.SitemapUrl.Length == 0 == (given.Urls.Count == 0))
        {
            throw IngestionErrors.Invalid("sitemap_url", given.Urls.Count == 0 ? "neither it nor urls is given." : "it and urls are both given.", "Give the address of a sitemap, or the addresses of pages.");
        }

        if (given.Urls.Count > options.Value.MaxPages)
        {
            throw IngestionErrors.Invalid("urls", $"it has {given.Urls.Count} entries; the limit is {options.Value.MaxPages}.", "Make several sources, or raise Ingestion:Sources:MaxPages.");
        }

        if (intervalSeconds is not 0 and (< MinIntervalSeconds or > MaxIntervalSeconds))
        {
            throw IngestionErrors.Invalid("crawl_interval_seconds", $"{intervalSeconds} is outside {MinIntervalSeconds} to {MaxIntervalSeconds}.", "Give 0 to crawl only when asked.");
        }

        if (graceSeconds is < 0 or > MaxGraceSeconds)
        {
            throw IngestionErrors.Invalid("removal_grace_seconds", $"{graceSeconds} is outside 0 to {MaxGraceSeconds}.", "Leave it out for a day.");
        }

        SubmissionRules.CheckCollection(given.Collection);
        CheckMetadata(given.Metadata);
        return given with
        {
            SitemapUrl = given.SitemapUrl.Length > 0 ? Read("sitemap_url", given.SitemapUrl) : "",
            Urls = [.. given.Urls.Select((url, index) => Read($"urls[{index}]", url)).Distinct(StringComparer.Ordinal)],
            Interval = TimeSpan.FromSeconds(intervalSeconds),
            RemovalGrace = graceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultGrace,
        };
    }

    private static void CheckMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count > MaxMetadataEntries)
        {
            throw IngestionErrors.Invalid("metadata", $"it has {metadata.Count} entries; the limit is {MaxMetadataEntries}.", "Leave out what nobody filters by.");
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Length is 0 or > SubmissionRules.MaxMetadataKeyCharacters || value.Length > SubmissionRules.MaxMetadataValueCharacters || key == PageCrawl.SourceKeyName)
            {
                throw IngestionErrors.Invalid("metadata", $"the entry '{IngestionErrors.Shorten(key)}' has {key.Length} and {value.Length} characters; 1 to {SubmissionRules.MaxMetadataKeyCharacters} and up to {SubmissionRules.MaxMetadataValueCharacters} are allowed, and {PageCrawl.SourceKeyName} is taken.", "Shorten it, or choose another key.");
            }
        }
    }

    private string Read(string field, string url)
    {
        try
        {
            return addresses.Read(url).AbsoluteUri;
        }
        catch (FetchException refused)
        {
            throw IngestionErrors.Invalid(field, refused.Failure.Reason, refused.Failure.Remedy);
        }
    }
}
