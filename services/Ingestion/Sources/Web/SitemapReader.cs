using System.IO.Compression;
using System.Text;
using System.Xml;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>
/// Reads a sitemap and the sitemaps that an index names (https://www.sitemaps.org/protocol.html): XML or one address a line,
/// gzipped or not. Only addresses of the sitemap's own host count: nobody's sitemap sends us to others.
/// </summary>
internal sealed class SitemapReader(WebFetcher fetcher, WebAddressRules rules)
{
    private const int MaxBytes = 50 * 1024 * 1024;
    private const int MaxSitemaps = 1000;
    private const int MaxDepth = 3;

    /// <param name="sitemap">Its address.</param>
    /// <param name="maxPages">Further ones are left out; those of the same sitemap are counted.</param>
    /// <param name="judge">Asked for every address before it is asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FetchException">A sitemap cannot be had or read: the list would not be whole.</exception>
    public async Task<PageList> ReadAsync(Uri sitemap, int maxPages, Func<Uri, CancellationToken, Task> judge, CancellationToken cancellationToken)
    {
        var pages = new List<Uri>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<(Uri Url, int Depth)>([(sitemap, 1)]);
        var (leftOut, read) = (0L, 0);
        while (waiting.TryDequeue(out var next))
        {
            if (++read > MaxSitemaps || next.Depth > MaxDepth)
            {
                throw new FetchException(WebFailure.Sitemap(sitemap, $"names more than {MaxSitemaps} sitemaps, or sitemaps more than {MaxDepth} deep"));
            }

            var found = await fetcher.FetchPatientlyAsync(next.Url, known: null, MaxBytes, judge, cancellationToken);
            if (found.Status != 200)
            {
                throw new FetchException(WebFailure.Status(next.Url, found.Status));
            }

            foreach (var (text, isSitemap) in Entries(next.Url, Unpack(next.Url, found.Body)))
            {
                if (pages.Count == maxPages || Accept(text, next.Url, found.Url) is not { } url || !known.Add($"{isSitemap} {url.AbsoluteUri}"))
                {
                    leftOut++;
                }
                else if (isSitemap)
                {
                    waiting.Enqueue((url, next.Depth + 1));
                }
                else
                {
                    pages.Add(url);
                }
            }

            if (pages.Count == maxPages)
            {
                break;
            }
        }

        return new PageList(pages, leftOut);
    }

    /// <summary>Null when it is malformed, refused, or of another host than the sitemap was asked from or came from.</summary>
    private Uri? Accept(string text, Uri asked, Uri answered)
    {
        try
        {
            var url = rules.Read(text);
            return url.IdnHost == asked.IdnHost || url.IdnHost == answered.IdnHost ? url : null;
        }
        catch (FetchException)
        {
            return null;
        }
    }

    private static List<(string Url, bool IsSitemap)> Entries(Uri sitemap, byte[] body)
    {
        if (!body.AsSpan().TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8).StartsWith("<"u8))
        {
            return [.. Encoding.UTF8.GetString(body).Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => (line.TrimStart('\uFEFF'), false))];
        }

        var entries = new List<(string, bool)>();
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body, writable: false), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxBytes });
            var parent = "";
            while (reader.Read())
            {
                if (reader.NodeType is not XmlNodeType.Element)
                {
                    continue;
                }

                if (reader.Depth == 0 && reader.LocalName is not ("urlset" or "sitemapindex"))
                {
                    throw new FetchException(WebFailure.Sitemap(sitemap, $"is no sitemap: it begins with <{IngestionErrors.Shorten(reader.LocalName)}>"));
                }

                if (reader is { Depth: 2, LocalName: "loc" } && parent is "url" or "sitemap")
                {
                    entries.Add((reader.ReadElementContentAsString().Trim(), parent == "sitemap"));
                }
                else if (reader.Depth == 1)
                {
                    parent = reader.LocalName;
                }
            }
        }
        catch (XmlException exception)
        {
            throw new FetchException(WebFailure.Sitemap(sitemap, $"is no XML at line {exception.LineNumber}: {exception.Message}"), exception);
        }

        return entries;
    }

    private static byte[] Unpack(Uri sitemap, byte[] body)
    {
        if (!body.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            return body;
        }

        using var packed = new GZipStream(new MemoryStream(body, writable: false), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = packed.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer, 0, read);
                if (unpacked.Length > MaxBytes)
                {
                    throw new FetchException(WebFailure.Sitemap(sitemap, $"unpacks to more than {MaxBytes} bytes"));
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new FetchException(WebFailure.Sitemap(sitemap, $"is no gzip: {exception.Message}"), exception);
        }

        return unpacked.ToArray();
    }
}

/// <param name="Pages">Each once, in their order.</param>
/// <param name="LeftOut">Addresses that were listed and are not among them.</param>
internal sealed record PageList(IReadOnlyList<Uri> Pages, long LeftOut);
