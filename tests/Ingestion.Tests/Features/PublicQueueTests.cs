using System.Text.Json;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>Drops in and results out, on a real broker.</summary>
[Collection(BrokerCollection.Name)]
public sealed class PublicQueueTests(BrokerFixture broker) : IAsyncLifetime
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string TraceParent = $"00-{TraceId}-b7ad6b7169203331-01";
    private readonly TestFolder _folder = new();
    private ForeignClient _client = null!;

    public async Task InitializeAsync() => _client = await ForeignClient.ConnectAsync(broker.Address);

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        _folder.Dispose();
    }

    [RequiresBrokerFact]
    public async Task Drop_BecomesADocument_ItsEventContinuesThePublishersTrace()
    {
        using var listener = Listen();
        await using var host = await IngestionHost.StartAsync(_folder.Path, broker.Address);
        await _client.DeclareDropQueueAsync();
        await _client.DropAsync("""{"id":"a","collection":"docs","title":"T","text":"Some text.","metadata":{"k":"v"}}""", ("traceparent", TraceParent));
        await _client.WaitForEventsAsync(1);

        var (body, traceParent) = _client.Events.Single();
        body.EnumerateObject().Select(property => property.Name).ShouldBe(["type", "tenant", "collection", "id", "version", "contentHash", "chunkCount", "occurredAt", "traceId"]);
        (Text(body, "type"), Text(body, "tenant"), Text(body, "id"), Text(body, "traceId")).ShouldBe(("document.indexed", "default", "a", TraceId));
        traceParent.ShouldNotBeNull().ShouldContain(TraceId);
        var document = await host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = "default", Collection = "docs", Id = "a" });
        document.Events.ShouldAllBe(entry => entry.TraceId == TraceId);
        (document.Document.Title, document.Document.Metadata["k"]).ShouldBe(("T", "v"));
    }

    [RequiresBrokerFact]
    public async Task BadDrops_FailOrAreSetAside_AndTheGoodOnesBesideThemAreIndexed()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, broker.Address, settings: [("Ingestion:MaxDropBytes", "100000"), ("Ingestion:MaxDocumentBytes", "50000")]);
        await _client.DeclareDropQueueAsync();
        await _client.DropAsync("""{"id":"good 1","collection":"docs","text":"One."}""");
        await _client.DropAsync("no json at all");
        await _client.DropAsync("""{"id":"no text","collection":"docs"}""");
        await _client.DropAsync("""{"id":"bad collection","collection":"No/Such","text":"a"}""");
        await _client.DropAsync($$"""{"text":"{{new string('a', 70 * 1024 * 1024)}}","id":"large","collection":"docs"}""");
        await _client.DropAsync($$"""{"text":"{{new string('a', 60_000)}}","id":"long","collection":"docs"}""");
        await _client.DropAsync("""{"id":"base64","collection":"docs","contentBase64":"###"}""");
        await _client.DropAsync("""{"id":"type","collection":"docs","contentType":"application/x-shockwave-flash","text":"a"}""");
        await _client.DropAsync("""{"id":"good 2","collection":"docs","text":"Two."}""");
        await _client.WaitForEventsAsync(9);

        var failures = _client.Events.Where(entry => Text(entry.Body, "type") == "document.failed" && entry.Body.TryGetProperty("id", out _))
            .ToDictionary(entry => Text(entry.Body, "id"), entry => (Text(entry.Body, "code"), Text(entry.Body, "reason").Split(':')[0]));
        failures.ShouldBe(
            new Dictionary<string, (string, string)>
            {
                ["no text"] = ("NO_CONTENT", "text"),
                ["large"] = ("BODY_TOO_LARGE", "body"),
                ["long"] = ("CONTENT_TOO_LARGE", "text"),
                ["base64"] = ("INVALID_BASE64", "contentBase64"),
                ["type"] = ("UNSUPPORTED_CONTENT_TYPE", "contentType"),
            },
            ignoreOrder: true);
        _client.Events.Where(entry => Text(entry.Body, "type") == "document.indexed").Select(entry => Text(entry.Body, "id")).Order().ShouldBe(["good 1", "good 2"]);

        var errors = new[] { await _client.TakeErrorAsync(), await _client.TakeErrorAsync() };
        errors.Select(error => (error.Header("rag-code"), error.Header("rag-field"))).ShouldBe([("NOT_JSON", "body"), ("INVALID_FIELD", "collection")], ignoreOrder: true);
        errors.ShouldAllBe(error => error.Header("rag-reason") != null && error.Header("rag-remedy") != null);
        errors.Single(error => error.Header("rag-code") == "NOT_JSON").Body.ShouldBe("no json at all"u8.ToArray());
        await TestTimeout.EventuallyAsync(async () => await _client.CountAsync("rag.documents") == 0, "the drop queue is empty");
        (await host.Client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = "default", State = DocumentState.Failed })).TotalCount.ShouldBe(5);
    }

    [RequiresBrokerFact]
    public async Task Drops_OfATimeWithoutTheService_AreTakenOnItsStart_AndDeletesFollow()
    {
        await _client.DeclareDropQueueAsync();
        for (var index = 0; index < 20; index++)
        {
            await _client.DropAsync($$"""{"uri":"file://{{index}}","collection":"docs","text":"Text {{index}}.","tenant":"acme"}""");
        }

        await using (var host = await IngestionHost.StartAsync(_folder.Path, broker.Address))
        {
            await _client.WaitForEventsAsync(20);
        }

        await using var restarted = await IngestionHost.StartAsync(_folder.Path, broker.Address);
        for (var index = 0; index < 20; index++)
        {
            await _client.DropAsync($$"""{"uri":"file://{{index}}","collection":"docs","text":"Text {{index}}.","tenant":"acme"}""");
        }

        for (var index = 0; index < 5; index++)
        {
            await _client.DropAsync($$"""{"uri":"file://{{index}}","collection":"docs","operation":"delete","tenant":"acme"}""");
        }

        await _client.WaitForEventsAsync(25);
        _client.Events.Count(entry => Text(entry.Body, "type") == "document.indexed").ShouldBe(20, "the same content again is no new version");
        _client.Events.Count(entry => Text(entry.Body, "type") == "document.deleted").ShouldBe(5);
        restarted.Downstream.Prepared.ShouldBeEmpty();
        (await restarted.Client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = "acme" })).TotalCount.ShouldBe(15);
    }

    [RequiresBrokerFact]
    public async Task BadDrop_IsKeptInTheRegistryToo_AndTakenWhenMended_UnderItsBatch()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, broker.Address);
        await _client.DropAsync("""{"text":"a","id":"x","tenant":"acme"}""");
        await _client.TakeErrorAsync();

        var drop = (await host.Client.ListRejectedDropsAsync(new ListRejectedDropsRequest { Tenant = "acme" })).Drops.ShouldHaveSingleItem();
        drop.Code.ShouldBe("MISSING_FIELD");
        var mended = Google.Protobuf.ByteString.CopyFromUtf8("""{"text":"a","id":"x","tenant":"acme","collection":"docs","batch":"nightly"}""");
        (await host.Client.RedriveRejectedDropAsync(new RedriveRejectedDropRequest { Tenant = "acme", Id = drop.Id, Body = mended })).Taken.ShouldBeTrue();

        await _client.WaitForEventsAsync(2);
        _client.Events.Single(entry => Text(entry.Body, "type") == "document.indexed").Body.GetProperty("batch").GetString().ShouldBe("nightly");
        (await host.Client.ListRejectedDropsAsync(new ListRejectedDropsRequest { Tenant = "acme" })).TotalCount.ShouldBe(0);
    }

    [RequiresBrokerFact]
    public async Task UpsertThenDelete_OfOneDocument_AreTakenInTheirOrder_HoweverLargeTheFirst()
    {
        await _client.DeclareDropQueueAsync();
        for (var index = 0; index < 20; index++)
        {
            await _client.DropAsync($$"""{"id":"document {{index}}","collection":"ordered","text":"{{new string('a', 900 * 1024)}}"}""");
            await _client.DropAsync($$"""{"id":"document {{index}}","collection":"ordered","operation":"delete"}""");
        }

        await using var host = await IngestionHost.StartAsync(_folder.Path, broker.Address);
        await TestTimeout.EventuallyAsync(() => Task.FromResult(_client.Events.Count(entry => Text(entry.Body, "type") == "document.deleted") == 20), "20 deletions");
    }

    [RequiresBrokerFact]
    public async Task LargeDocument_IsStagedAndNamed_AndIsGoodForItsTenantAlone()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, broker.Address);
        await _client.DeclareDropQueueAsync();
        var content = new string('a', 1024 * 1024) + ". The end.";
        using var staging = host.Client.StageContent();
        await staging.RequestStream.WriteAsync(new StageContentRequest { Tenant = "acme" });
        foreach (var piece in content.Chunk(300_000))
        {
            await staging.RequestStream.WriteAsync(new StageContentRequest { Content = Google.Protobuf.ByteString.CopyFromUtf8(new string(piece)) });
        }

        await staging.RequestStream.CompleteAsync();
        var reference = (await staging).ContentRef;
        await _client.DropAsync($$"""{"id":"carried","collection":"staged","tenant":"acme","text":"{{content}}"}""");
        await _client.DropAsync($$"""{"id":"named","collection":"staged","tenant":"acme","contentRef":"{{reference}}"}""");
        await _client.DropAsync($$"""{"id":"of another","collection":"staged","tenant":"other","contentRef":"{{reference}}"}""");
        await _client.WaitForEventsAsync(3);

        _client.Events.ToDictionary(entry => Text(entry.Body, "id"), entry => entry.Body.TryGetProperty("code", out var code) ? code.GetString() : Text(entry.Body, "type"))
            .ShouldBe(new Dictionary<string, string?> { ["carried"] = "BODY_TOO_LARGE", ["named"] = "document.indexed", ["of another"] = "CONTENT_NOT_STAGED" }, ignoreOrder: true);
        var named = await host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = "acme", Collection = "staged", Id = "named" });
        named.Document.ContentBytes.ShouldBe(content.Length);
    }

    [RequiresBrokerFact]
    public async Task BadDrop_WithCopiesAndATimeToLive_IsSetAsideOnceAndForGood()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, broker.Address);
        await _client.DeclareDropQueueAsync();
        await _client.DropAsync("bad", ("CC", new List<object> { "rag.documents" }));
        await _client.WaitForEventsAsync(1);
        await _client.DropAsync("""{"id":"good","collection":"copies","text":"Good."}""");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(_client.Events.Any(entry => Text(entry.Body, "type") == "document.indexed")), "the good one is indexed");

        _client.Events.Count.ShouldBe(2, "a copy of what was set aside would have been taken before the good one");
        (await _client.TakeErrorAsync()).Expiration.ShouldBeNull();
    }

    [RequiresBrokerFact]
    public async Task BadDrop_WhileTheErrorQueueIsGone_IsSetAsideAllTheSame()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, broker.Address);
        await _client.DeclareDropQueueAsync();
        await _client.DropAsync("first");
        await _client.TakeErrorAsync();
        await _client.DeleteErrorQueueAsync();

        await _client.DropAsync("second");

        await _client.WaitForEventsAsync(2);
        (await _client.TakeErrorAsync()).Body.ShouldBe("second"u8.ToArray());
    }

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static System.Diagnostics.ActivityListener Listen()
    {
        var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name is "RagPlatform.Ingestion" or "MassTransit",
            Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
