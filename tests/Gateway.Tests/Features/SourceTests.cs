using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Sources.V1;

namespace RagPlatform.Gateway.Tests.Features;

public sealed class SourceTests
{
    [Fact]
    public async Task Requests_ArriveWholeAndSoDoTheirAnswers()
    {
        await using var server = await GatewayServer.StartAsync();
        var (client, key) = (server.Client, GatewayServer.Key());
        var source = new RagPlatform.Protos.Sources.V1.Source { Name = "site", Collection = "c", SitemapUrl = "https://example.com/s.xml", Urls = { "u" }, CrawlIntervalSeconds = 60, RemovalGraceSeconds = 0, Metadata = { ["k"] = "v" } };

        (await client.PutSourceAsync(new PutSourceRequest { Source = source }, key)).Source.ShouldBe(source);
        (await client.ListSourcesAsync(new ListSourcesRequest(), key)).Sources.Single().Name.ShouldBe("s");
        var found = await client.GetSourceAsync(new GetSourceRequest { Name = "site", State = PageState.Failed, PageSize = 7, PageToken = "t" }, key);
        (found.Source.Name, found.Pages.Single().Url, found.NextPageToken).ShouldBe(("site", "Failed 7", "t"));
        (await client.DeleteSourceAsync(new DeleteSourceRequest { Name = "site", DeleteDocuments = true }, key)).PageCount.ShouldBe(4);
        (await client.CrawlSourceAsync(new CrawlSourceRequest { Name = "site" }, key)).Source.Name.ShouldBe("site");
        (await client.WatchCrawl(new WatchCrawlRequest { Name = "site" }, key).ReadAsync()).Single().Crawl.Number.ShouldBe(4);
    }
}
