using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Sources.Web;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Sources;

public sealed class SitemapReaderTests : IAsyncLifetime
{
    private TestWeb _web = null!;
    private WebFetcher _fetcher = null!;
    private SitemapReader _reader = null!;

    public async Task InitializeAsync()
    {
        _web = await TestWeb.StartAsync();
        var options = Options.Create(new WebSourceOptions { PrivateHosts = [_web.PrivateHost], HostDelayMilliseconds = 0 });
        var rules = new WebAddressRules(options);
        _fetcher = new WebFetcher(rules, new GuardedConnector(rules, Dns.GetHostAddressesAsync), new HostTurns(options, TimeProvider.System), options, TimeProvider.System);
        _reader = new SitemapReader(_fetcher, rules);
    }

    public async Task DisposeAsync()
    {
        _fetcher.Dispose();
        await _web.DisposeAsync();
    }

    [Fact]
    public async Task IndexOfSitemaps_PackedOnesAndText_GivesEveryPageOnce()
    {
        _web.Write("/sitemap.xml", $"<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"><sitemap><loc>{_web.Url("/a.xml.gz")}</loc></sitemap><sitemap><loc>\n {_web.Url("/b.txt")}\n</loc><lastmod>2026-01-01</lastmod></sitemap></sitemapindex>", "application/xml");
        _web.WriteBytes("/a.xml.gz", Pack($"<?xml version=\"1.0\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n<url><loc>{_web.Url("/1?a=1&amp;b=2")}</loc><priority>1</priority></url>\n<url><loc>{_web.Url("/2#part")}</loc></url></urlset>"), "application/gzip");
        _web.Write("/b.txt", $"\uFEFF{_web.Url("/2")}\r\n{_web.Url("/3")}\n", "text/plain");

        var list = await ReadAsync("/sitemap.xml");

        list.Pages.Select(page => page.PathAndQuery).ShouldBe(["/1?a=1&b=2", "/2", "/3"]);
        list.LeftOut.ShouldBe(1, "a page that is listed twice");
    }

    [Fact]
    public async Task OtherHostsAndMalformedAddresses_AreLeftOutAndCounted()
    {
        _web.Write("/sitemap.xml", $"<urlset><url><loc>{_web.Url("/1")}</loc></url><url><loc>http://example.com/</loc></url><url><loc>nothing</loc></url><url><loc>file:///etc/passwd</loc></url></urlset>");

        var list = await ReadAsync("/sitemap.xml");

        (list.Pages.Count, list.LeftOut).ShouldBe((1, 3L));
    }

    [Fact]
    public async Task MoreThanTheLimit_IsLeftOutAndCounted()
    {
        _web.Write("/sitemap.txt", string.Join('\n', Enumerable.Range(0, 30).Select(page => _web.Url($"/{page}"))));

        var list = await ReadAsync("/sitemap.txt", maxPages: 10);

        (list.Pages.Count, list.LeftOut).ShouldBe((10, 20L));
    }

    [Theory]
    [InlineData("<html><body>Not found</body></html>", "is no sitemap: it begins with <html>")]
    [InlineData("<urlset><url><loc>x</urlset>", "is no XML at line 1")]
    [InlineData("<!DOCTYPE urlset [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>&x;</loc></url></urlset>", "is no XML")]
    public async Task WhatIsNoSitemap_IsSaidToBeNone(string body, string reason)
    {
        _web.Write("/sitemap.xml", body);

        var failure = (await Should.ThrowAsync<FetchException>(() => ReadAsync("/sitemap.xml"))).Failure;

        failure.Code.ShouldBe("SITEMAP_UNREADABLE");
        failure.Reason.ShouldContain(reason);
    }

    [Fact]
    public async Task IndexThatNamesItself_IsReadOnce()
    {
        _web.Write("/sitemap.xml", $"<sitemapindex><sitemap><loc>{_web.Url("/sitemap.xml")}</loc></sitemap></sitemapindex>");

        (await ReadAsync("/sitemap.xml")).Pages.ShouldBeEmpty();
        _web.Asked.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task PackedBomb_IsNotUnpacked()
    {
        _web.WriteBytes("/sitemap.xml.gz", Pack(new string(' ', 60 * 1024 * 1024)), "application/gzip");

        (await Should.ThrowAsync<FetchException>(() => ReadAsync("/sitemap.xml.gz"))).Failure.Reason.ShouldContain("unpacks to more than");
    }

    private Task<PageList> ReadAsync(string path, int maxPages = 1000) =>
        _reader.ReadAsync(new Uri(_web.Url(path)), maxPages, (_, _) => Task.CompletedTask, CancellationToken.None).WithTimeout("the sitemap");

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
