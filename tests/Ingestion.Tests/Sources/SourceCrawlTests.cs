using Grpc.Core;
using Microsoft.AspNetCore.Http;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Sources.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Sources;

/// <summary>The whole service, a real web server, and what becomes of its pages.</summary>
public sealed class SourceCrawlTests : IAsyncLifetime
{
    private const string Tenant = "acme";

    private readonly TestFolder _folder = new();
    private TestWeb _web = null!;
    private IngestionHost _host = null!;

    public async Task InitializeAsync()
    {
        _web = await TestWeb.StartAsync();
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _web.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Crawl_Sitemap_PutsEveryPage_AndAgainCostsOneConditionalRequestEach()
    {
        WriteSite("/a", "/b", "/c");

        var first = await PutAsync(new Source { Name = "site", Collection = "docs", SitemapUrl = _web.Url("/sitemap.xml"), Metadata = { ["lang"] = "en" } });
        (first.State, first.PageCount, first.ChangedPages).ShouldBe((CrawlState.Succeeded, 3, 3));
        (await IdsAsync()).ShouldBe([_web.Url("/a"), _web.Url("/b"), _web.Url("/c")]);
        var document = (await _host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = Tenant, Collection = "docs", Id = _web.Url("/a") })).Document;
        (document.Uri, document.Metadata["rag.source"], document.Metadata["lang"]).ShouldBe((_web.Url("/a"), "site", "en"));

        _web.Asked.Clear();
        var second = await CrawlAsync("site");
        (second.Number, second.UnchangedPages, second.ChangedPages).ShouldBe((2, 3, 0));
        _web.Asked.Order(StringComparer.Ordinal).ShouldBe(["/a (conditional)", "/b (conditional)", "/c (conditional)", "/robots.txt", "/sitemap.xml"]);

        _web.Write("/b", "<h1>b</h1><p>Changed.</p>");
        (await CrawlAsync("site")).ChangedPages.ShouldBe(1);
        (await VersionOfAsync("/b"), await VersionOfAsync("/a")).ShouldBe((2, 1));
    }

    [Fact]
    public async Task Page_ThatSendsNoValidators_IsUnchangedByItsHash()
    {
        _web.Pages["/plain"] = context => context.Response.WriteAsync("Always the same.");
        await PutAsync(List("list", "/plain"));

        var again = await CrawlAsync("list");

        (again.UnchangedPages, await VersionOfAsync("/plain")).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Page_ThatIsGone_StaysForItsGraceAndThenIsDeleted()
    {
        _web.Write("/a", "<p>Text a.</p>");
        _web.Write("/b", "<p>Text b.</p>");
        await PutAsync(List("list", "/a", "/b"));
        _web.Answer("/b", 410);

        (await CrawlAsync("list")).MissingPages.ShouldBe(1);
        (await IdsAsync()).Count.ShouldBe(2, "its day of grace is not over");
        var page = (await Sources.GetSourceAsync(new GetSourceRequest { Tenant = Tenant, Name = "list", State = PageState.Missing })).Pages.Single();
        (page.Url, page.HttpStatus, page.MissingSince is not null).ShouldBe((_web.Url("/b"), 410, true));

        var withoutGrace = List("list", "/a", "/b");
        withoutGrace.RemovalGraceSeconds = 0;
        (await PutAsync(withoutGrace)).RemovedPages.ShouldBe(1);
        (await IdsAsync()).ShouldBe([_web.Url("/a")]);

        _web.Write("/b", "<p>Text b is back.</p>");
        (await CrawlAsync("list")).ChangedPages.ShouldBe(1);
        (await IdsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Page_NoLongerListed_IsDeletedAfterItsGrace_AndForgotten()
    {
        WriteSite("/a", "/b");
        await PutAsync(new Source { Name = "site", Collection = "docs", SitemapUrl = _web.Url("/sitemap.xml"), RemovalGraceSeconds = 0 });
        WriteSite("/a");

        (await CrawlAsync("site")).RemovedPages.ShouldBe(1);

        (await IdsAsync()).ShouldBe([_web.Url("/a")]);
        (await Sources.GetSourceAsync(new GetSourceRequest { Tenant = Tenant, Name = "site" })).Pages.Select(page => page.Url).ShouldBe([_web.Url("/a")]);
    }

    [Fact]
    public async Task Sitemap_ThatFails_ChangesNothing()
    {
        WriteSite("/a");
        await PutAsync(new Source { Name = "site", Collection = "docs", SitemapUrl = _web.Url("/sitemap.xml"), RemovalGraceSeconds = 0 });
        _web.Write("/sitemap.xml", "<html>We are being renovated.</html>");

        var crawl = await CrawlAsync("site");

        (crawl.State, crawl.Failure.Code).ShouldBe((CrawlState.Failed, "SITEMAP_UNREADABLE"));
        (await IdsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Pages_ThatFail_SayWhyAndLeaveTheirDocumentsAsTheyAre()
    {
        _web.Write("/good", "<p>Good.</p>");
        _web.Write("/robots.txt", "User-agent: *\nDisallow: /forbidden", "text/plain");
        _web.Write("/forbidden", "<p>No.</p>");
        _web.Answer("/login", 403);
        _web.Answer("/away", 302, "http://169.254.169.254/latest/meta-data/");
        _web.Pages["/empty"] = _ => Task.CompletedTask;
        var source = List("list", "/good", "/forbidden", "/login", "/away", "/empty");
        source.Urls.Add("http://192.168.1.1/admin");

        var crawl = await PutAsync(source);

        (crawl.ChangedPages, crawl.FailedPages).ShouldBe((1, 5));
        var pages = (await Sources.GetSourceAsync(new GetSourceRequest { Tenant = Tenant, Name = "list", State = PageState.Failed })).Pages;
        pages.ToDictionary(page => new Uri(page.Url).AbsolutePath, page => page.Failure.Code).ShouldBe(
            new Dictionary<string, string> { ["/forbidden"] = "ROBOTS_DISALLOWED", ["/login"] = "HTTP_STATUS", ["/away"] = "ADDRESS_REFUSED", ["/empty"] = "EMPTY_CONTENT", ["/admin"] = "ADDRESS_REFUSED" }, ignoreOrder: true);
        pages.ShouldAllBe(page => page.Failure.Reason.Length > 0 && page.Failure.Remedy.Length > 0);
        _web.Asked.ShouldNotContain("/forbidden");
    }

    [Fact]
    public async Task Document_DeletedByHand_ComesBackThoughItsPageDidNotChange()
    {
        _web.Write("/a", "<p>Text.</p>");
        await PutAsync(List("list", "/a"));
        await _host.Client.DeleteDocumentAsync(new DeleteDocumentRequest { Tenant = Tenant, Collection = "docs", Id = _web.Url("/a") });

        (await CrawlAsync("list")).ChangedPages.ShouldBe(1);

        (await IdsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Crawl_InterruptedInTheMiddle_GoesOnWithThePagesThatWereNotDone()
    {
        var release = new TaskCompletionSource();
        var paths = Enumerable.Range(0, 30).Select(page => $"/{page:D2}").ToArray();
        foreach (var path in paths)
        {
            _web.Write(path, $"<p>Page {path}.</p>");
        }

        var held = _web.Pages["/20"];
        _web.Pages["/20"] = async context =>
        {
            await release.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await held(context);
        };
        await Sources.PutSourceAsync(new PutSourceRequest { Tenant = Tenant, Source = List("list", paths) });
        await TestTimeout.EventuallyAsync(() => Task.FromResult(_web.Asked.Contains("/20") && _web.Asked.Count >= 25), "the crawl is held in the middle");

        await _host.DisposeAsync();
        release.SetResult();
        var before = _web.Asked.ToHashSet();
        _web.Asked.Clear();
        await StartAsync();
        var crawl = await WatchAsync("list");

        (crawl.Number, crawl.State, crawl.ChangedPages + crawl.UnchangedPages).ShouldBe((1, CrawlState.Succeeded, 30), "what was put and not yet noted is there already");
        (await IdsAsync()).Count.ShouldBe(30);
        _web.Asked.ShouldContain("/20");
        _web.Asked.Count(path => before.Contains(path)).ShouldBeLessThanOrEqualTo(6, "only robots.txt and what was under way is asked for twice");
    }

    [Fact]
    public async Task Host_ThatStopsToAnswer_IsGivenUpForTheCrawl()
    {
        var paths = Enumerable.Range(0, 60).Select(page => $"/{page:D2}").ToArray();
        foreach (var path in paths)
        {
            _web.Answer(path, 503);
        }

        await _host.DisposeAsync();
        await StartAsync(("Ingestion:Sources:PageConcurrency", "32"), ("Ingestion:Sources:HostConcurrency", "32"));
        var crawl = await PutAsync(List("list", paths));

        crawl.FailedPages.ShouldBe(60);
        var pages = (await Sources.GetSourceAsync(new GetSourceRequest { Tenant = Tenant, Name = "list", PageSize = 100 })).Pages;
        pages.Select(page => page.Failure.Code).Distinct().ShouldBe(["HTTP_STATUS", "HOST_GIVEN_UP"], ignoreOrder: true);
        pages.Count(page => page.Failure.Code == "HTTP_STATUS").ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Delete_WithDocuments_RemovesThem_WithoutKeepsThem()
    {
        _web.Write("/a", "<p>Text a.</p>");
        _web.Write("/b", "<p>Text b.</p>");
        await PutAsync(List("gone", "/a"));
        await PutAsync(List("kept", "/b"));

        await Sources.DeleteSourceAsync(new DeleteSourceRequest { Tenant = Tenant, Name = "gone", DeleteDocuments = true });
        await Sources.DeleteSourceAsync(new DeleteSourceRequest { Tenant = Tenant, Name = "kept" });

        await TestTimeout.EventuallyAsync(async () => (await IdsAsync()).SequenceEqual([_web.Url("/b")]), "the documents of the one are gone");
        (await Sources.ListSourcesAsync(new ListSourcesRequest { Tenant = Tenant })).Sources.ShouldBeEmpty();
    }

    [Fact]
    public async Task TwoSourcesOfOnePage_TheSecondIsToldAndChangesNothing()
    {
        _web.Write("/a", "<p>Text.</p>");
        await PutAsync(List("first", "/a"));

        var second = await PutAsync(List("second", "/a"));

        second.FailedPages.ShouldBe(1);
        (await VersionOfAsync("/a")).ShouldBe(1);
    }

    [Fact]
    public async Task Sources_OfAnotherTenant_AreNotThere()
    {
        _web.Write("/a", "<p>Text.</p>");
        await PutAsync(List("list", "/a"));

        (await Sources.ListSourcesAsync(new ListSourcesRequest { Tenant = "other" })).Sources.ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await Sources.GetSourceAsync(new GetSourceRequest { Tenant = "other", Name = "list" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await Sources.DeleteSourceAsync(new DeleteSourceRequest { Tenant = "other", Name = "list" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(async () => await Sources.ListSourcesAsync(new ListSourcesRequest()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Theory]
    [InlineData("Bad Name", "http://example.com/", 0, "name")]
    [InlineData("ok", "", 0, "sitemap_url")]
    [InlineData("ok", "file:///etc/passwd", 0, "urls[0]")]
    [InlineData("ok", "http://example.com:25/", 0, "urls[0]")]
    [InlineData("ok", "http://example.com/", 59, "crawl_interval_seconds")]
    public async Task Put_WrongSource_NamesTheField(string name, string url, int intervalSeconds, string field)
    {
        var source = new Source { Name = name, Collection = "docs", CrawlIntervalSeconds = intervalSeconds };
        source.Urls.AddRange(url.Length > 0 ? [url] : []);

        var failure = await Should.ThrowAsync<RpcException>(async () => await Sources.PutSourceAsync(new PutSourceRequest { Tenant = Tenant, Source = source }));

        failure.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        failure.Status.Detail.ShouldStartWith($"{field}: ");
    }

    private SourceService.SourceServiceClient Sources => new(_host.Channel);

    private async Task StartAsync(params (string Key, string Value)[] settings) =>
        _host = await IngestionHost.StartAsync(_folder.Path, settings: [("Ingestion:Sources:PrivateHosts:0", _web.PrivateHost), ("Ingestion:Sources:HostDelayMilliseconds", "0"), .. settings]);

    private Source List(string name, params string[] paths)
    {
        var source = new Source { Name = name, Collection = "docs" };
        source.Urls.AddRange(paths.Select(_web.Url));
        return source;
    }

    private void WriteSite(params string[] paths)
    {
        foreach (var path in paths)
        {
            _web.Write(path, $"<h1>{path}</h1><p>This is {path}.</p>");
        }

        _web.Write("/sitemap.xml", $"<urlset>{string.Concat(paths.Select(path => $"<url><loc>{_web.Url(path)}</loc></url>"))}</urlset>", "application/xml");
    }

    private async Task<Crawl> PutAsync(Source source)
    {
        var number = (await Sources.PutSourceAsync(new PutSourceRequest { Tenant = Tenant, Source = source })).Source.Crawl.Number;
        var crawl = await WatchAsync(source.Name);
        crawl.Number.ShouldBe(number + 1);
        return crawl;
    }

    private async Task<Crawl> CrawlAsync(string name)
    {
        await Sources.CrawlSourceAsync(new CrawlSourceRequest { Tenant = Tenant, Name = name });
        return await WatchAsync(name);
    }

    private async Task<Crawl> WatchAsync(string name)
    {
        using var call = Sources.WatchCrawl(new WatchCrawlRequest { Tenant = Tenant, Name = name });
        var crawl = new Crawl();
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout($"the crawl of {name}, {crawl.State} with {crawl.DonePages} of {crawl.PageCount}"))
        {
            crawl = call.ResponseStream.Current.Crawl;
        }

        return crawl;
    }

    private async Task<IReadOnlyList<string>> IdsAsync() =>
        [.. (await _host.Client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = Tenant, Collection = "docs", PageSize = 1000 })).Documents.Where(document => document.State is not DocumentState.Deleting).Select(document => document.Id)];

    private async Task<long> VersionOfAsync(string path) =>
        (await _host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = Tenant, Collection = "docs", Id = _web.Url(path) })).Document.Version;
}
