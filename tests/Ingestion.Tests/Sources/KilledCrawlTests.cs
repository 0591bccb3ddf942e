using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Sources.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Sources;

/// <summary>A crawl whose process is killed in its middle.</summary>
[Collection(BrokerCollection.Name)]
public sealed class KilledCrawlTests(BrokerFixture broker)
{
    private const int Pages = 60;

    [RequiresBrokerFact]
    public async Task KilledInTheMiddle_TheNextProcessGoesOn_AndEveryPageIsThereOnce()
    {
        using var folder = new TestFolder();
        await using var web = await TestWeb.StartAsync();
        var open = new TaskCompletionSource();
        for (var page = 0; page < Pages; page++)
        {
            web.Write($"/{page:D2}", $"<p>Page {page}.</p>");
        }

        // One page is not answered before the process is killed: the crawl cannot be over.
        var held = web.Pages["/30"];
        web.Pages["/30"] = async context =>
        {
            await open.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await held(context);
        };
        var source = new Source { Name = "site", Collection = "docs" };
        source.Urls.AddRange(Enumerable.Range(0, Pages).Select(page => web.Url($"/{page:D2}")));
        (string, string)[] settings = [("Ingestion:Sources:PrivateHosts:0", web.PrivateHost), ("Ingestion:Sources:HostDelayMilliseconds", "0"), ("Ingestion:Sources:PageConcurrency", "2")];
        await using (var first = await IngestionHost.StartAsync(folder.Path, settings: settings))
        {
            await new SourceService.SourceServiceClient(first.Channel).PutSourceAsync(new PutSourceRequest { Tenant = "acme", Source = source });
            await TestTimeout.EventuallyAsync(() => Task.FromResult(web.Asked.Count >= 10), "the crawl has begun");
        }

        await using (var neighbours = await FakeNeighbours.StartAsync(new FakeEmbedding(), new FakeRetrieval()))
        {
            using var process = await IngestionProcess.StartAsync(
                folder.Path, broker.Address, neighbours.Address, [.. settings.Select(setting => (setting.Item1.Replace(":", "__", StringComparison.Ordinal), setting.Item2))]);
            await TestTimeout.EventuallyAsync(() => Task.FromResult(web.Asked.Contains("/30") && web.Asked.Count(path => path != "/robots.txt") >= 40), "the killed process is in the middle of the crawl");
            process.Kill();
        }

        open.SetResult();
        await using var last = await IngestionHost.StartAsync(folder.Path, settings: settings);
        var sources = new SourceService.SourceServiceClient(last.Channel);
        var crawl = new Crawl();
        await TestTimeout.EventuallyAsync(
            async () => (crawl = (await sources.GetSourceAsync(new GetSourceRequest { Tenant = "acme", Name = "site" })).Source.Crawl).State is CrawlState.Succeeded, "the crawl is over");

        (crawl.Number, crawl.ChangedPages + crawl.UnchangedPages, crawl.FailedPages).ShouldBe((1, Pages, 0));
        var documents = (await last.Client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = "acme", Collection = "docs", PageSize = 1000 })).Documents;
        documents.Select(document => document.Id).ShouldBe(source.Urls, ignoreOrder: true);
        documents.ShouldAllBe(document => document.Version == 1);
    }
}
