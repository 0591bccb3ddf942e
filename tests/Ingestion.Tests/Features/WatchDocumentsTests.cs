using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Features.ListVersions;
using RagPlatform.Ingestion.Features.WatchDocument;
using RagPlatform.Ingestion.Features.WatchDocuments;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class WatchDocumentsTests : IDisposable
{
    private static readonly CatalogFilter All = new("default");

    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;
    private readonly WatchDocumentsHandler _watch;

    public WatchDocumentsTests()
    {
        _registry = new TestRegistry(_folder.Path);
        _watch = new WatchDocumentsHandler(_registry.Log, _registry.Changes, TimeProvider.System);
    }

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Watch_FromNowOn_TellsWhatHappensAfter()
    {
        await _registry.PutAsync("before", "a");
        await using var changes = _watch.WatchAsync(All, null, CancellationToken.None).GetAsyncEnumerator();
        (await NextAsync(changes)).Change.ShouldBeNull();

        await _registry.PutAsync("after", "b");

        var told = (await NextAsync(changes)).Change.ShouldNotBeNull();
        (told.Key.DocumentId, told.State).ShouldBe(("b", DocumentState.Received));
    }

    [Fact]
    public async Task Watch_OfAStateThatThereIsNot_IsRefused()
    {
        var refusal = await Should.ThrowAsync<ServiceException>(async () => await NextAsync(_watch.WatchAsync(All with { State = (DocumentState)42 }, null, CancellationToken.None).GetAsyncEnumerator()));

        refusal.Field.ShouldBe("state");
    }

    [Fact]
    public async Task WatchOfOneDocument_ReadSlowly_TellsAllOfItsWayToItsRest()
    {
        const int postponements = 250;
        await _registry.PutAsync("text", "a");
        var deletion = (await _registry.Writer.RequestDeletionAsync(TestRegistry.Key("a"), "", CancellationToken.None)).ShouldNotBeNull();
        var watch = new WatchDocumentHandler(_registry.Catalog, _registry.Log, _registry.Changes, TimeProvider.System);
        await using var events = watch.WatchAsync("default", "docs", "a", CancellationToken.None).GetAsyncEnumerator();
        var told = new List<DocumentEvent>();
        await AddNextAsync();
        for (var count = 0; count < postponements; count++)
        {
            await _registry.Deletions.PostponeAsync(deletion.Key, deletion.Version, "the disk is full", CancellationToken.None);
        }

        await _registry.Progress.FailAsync(deletion.Key, deletion.Version, new DocumentFailure("deleting", "X", "r", "m"), CancellationToken.None);
        while (await AddNextAsync())
        {
            // Until it ends by itself.
        }

        told.Count.ShouldBe(postponements + 3);
        told[^1].State.ShouldBe(DocumentState.Failed);

        async Task<bool> AddNextAsync()
        {
            var moved = await events.MoveNextAsync().AsTask().WithTimeout("the next event");
            if (moved)
            {
                told.Add(events.Current);
            }

            return moved;
        }
    }

    [Fact]
    public async Task Watch_BrokenOff_GoesOnAfterTheSequenceItTold_WithoutALossOrARepeat()
    {
        for (var index = 0; index < 500; index++)
        {
            await _registry.PutAsync($"text {index}", $"{index:000}");
        }

        var told = new List<string>();
        long place = 0;
        while (told.Count < 500)
        {
            await using var changes = _watch.WatchAsync(All, place, CancellationToken.None).GetAsyncEnumerator();
            for (var seen = 0; seen < 130 && told.Count < 500;)
            {
                var next = await NextAsync(changes);
                place = next.Sequence;
                if (next.Change is { } change)
                {
                    told.Add(change.Key.DocumentId);
                    seen++;
                }
            }
        }

        told.ShouldBe(Enumerable.Range(0, 500).Select(index => $"{index:000}"));
    }

    [Fact]
    public async Task Watch_Filtered_TellsOnlyThose()
    {
        await _registry.PutAsync("one", "a", "run");
        await _registry.PutAsync("two", "b");
        await _registry.IndexAsync(1, "one", "a");
        await _registry.IndexAsync(1, "two", "b");

        _registry.Log.ReadAfter(All with { BatchId = "run" }, 0, 100).Changes.ShouldAllBe(change => change.Key.DocumentId == "a" && change.BatchId == "run");
        _registry.Log.ReadAfter(All with { State = DocumentState.Indexed }, 0, 100).Changes.Select(change => change.Key.DocumentId).ShouldBe(["a", "b"]);
        _registry.Log.ReadAfter(All with { Tenant = "other" }, 0, 100).ShouldSatisfyAllConditions(page => page.Changes.ShouldBeEmpty(), page => page.IsAtEnd.ShouldBeTrue());
    }

    [Fact]
    public async Task Versions_AreListedNewestFirst_PageByPage()
    {
        for (var version = 1; version <= 5; version++)
        {
            await _registry.PutAsync($"text {version}");
        }

        var list = new ListVersionsHandler(_registry.Catalog);
        var first = list.List("default", "docs", "a", 3, "");
        first.Versions.Select(version => version.Version).ShouldBe([5, 4, 3]);
        var second = list.List("default", "docs", "a", 3, first.NextPageToken);
        (string.Join(',', second.Versions.Select(version => version.Version)), second.NextPageToken).ShouldBe(("2,1", ""));
        Should.Throw<RagPlatform.Grpc.Errors.ServiceException>(() => list.List("default", "docs", "a", 3, "x")).Field.ShouldBe("page_token");
    }

    private static async Task<WatchedChange> NextAsync(IAsyncEnumerator<WatchedChange> changes)
    {
        (await changes.MoveNextAsync().AsTask().WithTimeout("the next change")).ShouldBeTrue();
        return changes.Current;
    }
}
