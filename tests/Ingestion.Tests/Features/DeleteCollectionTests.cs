using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.DeleteCollection;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;
using Registered = RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class DeleteCollectionTests : IDisposable
{
    /// <summary>As many as one step takes.</summary>
    private const int Step = 256;

    private readonly TestFolder _folder = new();
    private readonly RecordingPublisher _bus = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Collection_Deleted_TakesItsOwnDocumentsAndNoOthers()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        (string Tenant, string Collection, string Id)[] documents = [("default", "docs", "a"), ("default", "docs", "b"), ("default", "docs-2", "a"), ("other", "docs", "a")];
        foreach (var (tenant, collection, id) in documents)
        {
            await host.Client.PutDocumentAsync(new PutDocumentRequest
            {
                Header = new DocumentHeader { Tenant = tenant, Collection = collection, Id = id },
                Content = ByteString.CopyFromUtf8("text"),
            });
            (await host.WatchAsync(id, tenant, collection))[^1].State.ShouldBe(DocumentState.Indexed);
        }

        (await DeleteAsync(host)).ShouldBe(2);
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Deleted);
        (await host.WatchAsync("b"))[^1].State.ShouldBe(DocumentState.Deleted);
        (await DeleteAsync(host)).ShouldBe(0);
        foreach (var (tenant, collection, id) in documents.Skip(2))
        {
            var kept = await host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = tenant, Collection = collection, Id = id });
            (kept.Document.State, kept.Document.Version).ShouldBe((DocumentState.Indexed, 1));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Step)]
    [InlineData(Step + 1)]
    public async Task Collection_OfAnySize_IsMarkedAndAnnouncedOnce(int documents)
    {
        using var registry = new TestRegistry(_folder.Path);
        await PutAsync(registry, documents);

        (await Handler(registry).DeleteAsync("default", "docs", CancellationToken.None)).ShouldBe(documents);

        registry.Catalog.CountByState("default").ShouldBe(documents == 0 ? new Dictionary<Registered.DocumentState, long>() : new() { [Registered.DocumentState.Deleting] = documents });
        _bus.Deletions.Select(message => (message.Document.DocumentId, message.Version)).Order().ShouldBe(Ids(documents).Select(id => (id, 2L)));
        registry.Clock.Advance(TimeSpan.FromSeconds(60));
        registry.Deletions.Find().ShouldBeEmpty("the bus holds every announcement");
    }

    [Fact]
    public async Task Collection_WhileTheBusIsDown_IsMarkedWhole_AndTheRestIsLeftToTheResumer()
    {
        using var registry = new TestRegistry(_folder.Path);
        await PutAsync(registry, Step + 4);
        _bus.IsDown = true;

        (await Handler(registry).DeleteAsync("default", "docs", CancellationToken.None)).ShouldBe(Step + 4);

        _bus.Refused.ShouldBe(Step, "one step is tried, not every one");
        registry.Catalog.CountByState("default")[Registered.DocumentState.Deleting].ShouldBe(Step + 4);
        registry.Clock.Advance(TimeSpan.FromSeconds(60));
        registry.Deletions.Find().Count.ShouldBe(registry.Options.Value.ResumeBatch);
    }

    [Fact]
    public async Task Collection_PartlyDeleted_CountsWhatIsStillBeingDeletedAndGivesItNoSecondVersion()
    {
        using var registry = new TestRegistry(_folder.Path);
        await PutAsync(registry, 3);
        await registry.Writer.RequestDeletionAsync(TestRegistry.Key(Ids(3)[0]), "", CancellationToken.None);
        await registry.Outcome.RecordUnindexedAsync(TestRegistry.Key(Ids(3)[0]), 2, CancellationToken.None);
        await registry.Writer.RequestDeletionAsync(TestRegistry.Key(Ids(3)[1]), "", CancellationToken.None);

        (await Handler(registry).DeleteAsync("default", "docs", CancellationToken.None)).ShouldBe(2);

        registry.Latest(Ids(3)[1]).Version.ShouldBe(2);
    }

    private static string[] Ids(int count) => [.. Enumerable.Range(0, count).Select(index => $"document {index:0000}")];

    private static async Task PutAsync(TestRegistry registry, int documents)
    {
        foreach (var id in Ids(documents))
        {
            await registry.PutAsync("text", id);
        }
    }

    private static async Task<long> DeleteAsync(IngestionHost host) =>
        (await host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "default", Collection = "docs" }).ResponseAsync.WithTimeout("the deletion")).DocumentCount;

    private DeleteCollectionHandler Handler(TestRegistry registry) =>
        new(registry.Writer, new DocumentAnnouncer(_bus, registry.Deletions, registry.Work, registry.Options, TimeProvider.System, NullLogger<DocumentAnnouncer>.Instance));
}
