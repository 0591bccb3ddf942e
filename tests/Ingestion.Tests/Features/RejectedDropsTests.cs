using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.DeleteDocument;
using RagPlatform.Ingestion.Features.DropDocuments;
using RagPlatform.Ingestion.Features.ManageRejectedDrops;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.StageContent;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class RejectedDropsTests : IDisposable
{
    private static readonly DropViewer Operator = new("default", SeesUnowned: true);
    private static readonly DropViewer Tenant = new("default", SeesUnowned: false);

    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;
    private readonly RejectedDrops _drops;
    private readonly DropDocumentsHandler _queue;
    private readonly RejectedDropsHandler _handler;
    private readonly StagedContents _staged;

    public RejectedDropsTests()
    {
        _registry = new TestRegistry(_folder.Path, configure: options => options.MaxRejectedDrops = 5);
        _drops = new RejectedDrops(_registry.Database, _registry.Options);
        var announcer = new DocumentAnnouncer(new RecordingPublisher(), _registry.Deletions, _registry.Work, _registry.Options, _registry.Clock, NullLogger<DocumentAnnouncer>.Instance);
        _staged = new StagedContents(_registry.Options, _registry.Clock);
        _queue = new DropDocumentsHandler(
            new DropParser(new DropTenants("default", new ConfigurationBuilder().Build()), _registry.Options), _staged,
            new PutDocumentHandler(_registry.Writer, announcer, _registry.Options), new DeleteDocumentHandler(_registry.Writer, announcer), _registry.Writer, NullLogger<DropDocumentsHandler>.Instance);
        _handler = new RejectedDropsHandler(_drops, _queue);
    }

    public void Dispose()
    {
        _staged.Dispose();
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rejected_IsListedWithItsReason_ToWhomItBelongs()
    {
        await RejectAsync("no json");
        await RejectAsync("""{"text":"a"}""");
        await RejectAsync("""{"text":"a","tenant":"other"}""");

        _handler.List(Operator, 0, "").Drops.Select(drop => (drop.Tenant, drop.Code, drop.Field)).ShouldBe([("default", "MISSING_FIELD", "collection"), ("", "NOT_JSON", "body")]);
        var own = _handler.List(Tenant, 0, "");
        (own.TotalCount, own.Drops.Single().Code).ShouldBe((1, "MISSING_FIELD"));
        Encoding.UTF8.GetString(_handler.Show(Tenant, own.Drops[0].Id).Body.Span).ShouldBe("""{"text":"a"}""");
        Should.Throw<ServiceException>(() => _handler.Show(Tenant, 1)).Code.ShouldBe("DROP_NOT_FOUND");
    }

    [Fact]
    public async Task Rejected_DeliveredAgain_IsOneEntry()
    {
        await RejectAsync("no json");
        await RejectAsync("no json");

        _handler.List(Operator, 0, "").TotalCount.ShouldBe(1);
    }

    [Fact]
    public async Task Rejected_TooMany_TheOldestGo()
    {
        for (var index = 0; index < 8; index++)
        {
            await RejectAsync($"no json {index}");
        }

        var kept = _handler.List(Operator, 2, "");
        (kept.TotalCount, kept.Drops[0].Id).ShouldBe((5, 8));
        _handler.List(Operator, 200, kept.NextPageToken).Drops.Select(drop => drop.Id).ShouldBe([6, 5, 4]);
    }

    [Fact]
    public async Task Redrive_Corrected_IsTakenAndNoLongerListed()
    {
        await RejectAsync("""{"text":"a","id":"x"}""");
        var id = _handler.List(Tenant, 0, "").Drops.Single().Id;

        var still = await _handler.RedriveAsync(Tenant, id, default, CancellationToken.None);
        still.ShouldNotBeNull().Code.ShouldBe("MISSING_FIELD");
        (await _handler.RedriveAsync(Tenant, id, """{"text":"a","id":"x","collection":"docs"}"""u8.ToArray(), CancellationToken.None)).ShouldBeNull();

        _registry.Latest("x").State.ShouldBe(DocumentState.Received);
        _handler.List(Tenant, 0, "").TotalCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"text":"a","id":"x","collection":"docs","tenant":"victim"}""")]
    [InlineData("""{"id":"x","collection":"docs","tenant":"victim"}""")]
    public async Task Redrive_CorrectedToAnotherTenant_IsRefused_ButForAnOperator(string body)
    {
        await RejectAsync("""{"text":"a"}""");
        var id = _handler.List(Tenant, 0, "").Drops.Single().Id;

        (await Should.ThrowAsync<ServiceException>(() => _handler.RedriveAsync(Tenant, id, Encoding.UTF8.GetBytes(body), CancellationToken.None))).Kind.ShouldBe(FailureKind.PermissionDenied);
        _registry.Catalog.CountByState("victim").ShouldBeEmpty();
        (await _handler.RedriveAsync(Operator, id, Encoding.UTF8.GetBytes(body), CancellationToken.None)).ShouldBeNull();
        _registry.Catalog.CountByState("victim").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rejected_TooLargeToKeep_IsListedWithoutItsBody()
    {
        await RejectAsync(new string('x', RejectedDrops.MaxBodyBytes + 1));
        var drop = _handler.List(Operator, 0, "").Drops.Single();

        (drop.BodyBytes, drop.IsBodyKept).ShouldBe((RejectedDrops.MaxBodyBytes + 1, false));
        (await Should.ThrowAsync<ServiceException>(() => _handler.RedriveAsync(Operator, drop.Id, default, CancellationToken.None))).Code.ShouldBe("DROP_BODY_MISSING");
        await _handler.DiscardAsync(Operator, drop.Id, CancellationToken.None);
        (await Should.ThrowAsync<ServiceException>(() => _handler.DiscardAsync(Operator, drop.Id, CancellationToken.None))).Code.ShouldBe("DROP_NOT_FOUND");
    }

    private async Task RejectAsync(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var rejection = (await _queue.TakeAsync(_queue.Read(body), requiredTenant: null, CancellationToken.None)).ShouldNotBeNull();
        await _drops.KeepAsync(rejection, body, null, CancellationToken.None);
    }
}
