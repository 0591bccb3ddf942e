using RagPlatform.Contracts.Retrieval;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

/// <summary>What a crash between the store and the catalogue, or a damaged file, leaves behind is put right at opening.</summary>
public sealed class ReconciliationTests : IAsyncLifetime
{
    private TestStore _test = null!;

    public async Task InitializeAsync()
    {
        _test = await TestStore.OpenAsync();
        await _test.StageAsync(Batches.Version(Batches.Document(), 3));
    }

    public Task DisposeAsync()
    {
        _test.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("doc")]
    [InlineData("never heard of")]
    public async Task Reopen_VersionReachedTheStoreButNotTheCatalogue_IsNoted(string documentId)
    {
        await _test.Vectors.ReplaceAsync(_test.IndexOf(), IndexedDocuments.Create(documentId, 4, 3), default);

        await _test.ReopenAsync();

        (await _test.DescribeAsync(documentId)).ShouldStartWith("visible 4, deleted 0, staged [] []");
        _test.Collections.Size.Chunks.ShouldBe(documentId == "doc" ? 3 : 7);
        (await _test.StageAsync(Batches.Version(Batches.Document(documentId), 4)[0])).ShouldBe(StageOutcome.Visible);
    }

    [Fact]
    public async Task Reopen_DeletionReachedTheCatalogueButNotTheStore_IsCarriedOut()
    {
        _test.Vectors.Before = call => throw new IOException(call);
        await Should.ThrowAsync<IOException>(() => _test.RemoveAsync("doc", 4));

        await _test.ReopenAsync();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 0, deleted 4, staged [] [], found []");
        (await _test.Vectors.FindVersionAsync(_test.IndexOf(), "doc", default)).ShouldBe(0);
        (await LostAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Reopen_TheStoreLostTheVersion_ItIsAskedForAndNothingOlderIsShown(long held)
    {
        await LoseAsync(held);

        await _test.ReopenAsync();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 0, deleted 0, staged [] [], found []");
        _test.Collections.Size.ShouldBe(default);
        (await LostAsync()).ShouldHaveSingleItem().ShouldBe(new DocumentLost(Batches.Document(), 3, "the store does not hold it any more"));

        (await _test.StageAsync(Batches.Version(Batches.Document(), 2)[0])).ShouldBe(StageOutcome.Superseded);
        await _test.StageAsync(Batches.Version(Batches.Document(), 3));
        (await _test.DescribeAsync("doc")).ShouldStartWith("visible 3");
        (await LostAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lost_Document_KeepsTheCollectionsModel()
    {
        await LoseAsync(0);
        await _test.ReopenAsync();

        await _test.StageAsync(Batches.Version(Batches.Document("b"), 1, model: "other-model", dimension: 8));

        _test.Collections.Require(TestStore.Docs).Index!.Settings.ShouldBe(new IndexSettings(Batches.Model, Batches.Dimension));
    }

    [Fact]
    public async Task Lost_DocumentThatIsDeleted_IsNotAskedForAgain()
    {
        await LoseAsync(0);
        await _test.ReopenAsync();

        (await _test.RemoveAsync("doc", 4)).ShouldBeTrue();

        (await LostAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reopen_IndexWhoseDropFailed_IsDroppedThen()
    {
        var settings = new IndexSettings("former-model", 8);
        var former = await _test.Catalogue.WriteAsync(
            session =>
            {
                var added = IndexTable.Add(session, TestStore.Docs, RetrievalOptions.EmbeddedStore, settings, configurationHash: "");
                IndexTable.MarkDropped(session, added.Key.Generation);
                return added.Key;
            },
            default);
        await _test.Vectors.CreateAsync(former, settings, default);

        await _test.ReopenAsync();

        (await _test.Vectors.ListAsync(default)).ShouldBe([_test.IndexOf()]);
    }

    [Fact]
    public async Task Reopen_IndexOfAnotherInstallation_IsLeftAloneAndItsGenerationNotGivenAgain()
    {
        var foreign = new IndexKey(CollectionKey.Require("acme", "foreign"), 17);
        await _test.Vectors.CreateAsync(foreign, new IndexSettings("m", 4), default);

        await _test.ReopenAsync();
        await _test.StageAsync(Batches.Version(Batches.Document(collection: "foreign"), 1));

        (await _test.Vectors.ListAsync(default)).ShouldContain(foreign);
        _test.IndexOf(CollectionKey.Require("acme", "foreign")).Generation.ShouldBeGreaterThan(17);
    }

    [Fact]
    public async Task Take_ToldDocuments_AreToldAgainOnlyAfterAWhile()
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        await LoseAsync(0);
        await _test.ReopenAsync();

        (await TakeAsync(now)).Count.ShouldBe(1);
        (await TakeAsync(now.AddMinutes(5))).ShouldBeEmpty();
        (await TakeAsync(now.AddMinutes(11))).ShouldHaveSingleItem().Version.ShouldBe(3);
    }

    private Task<IReadOnlyList<DocumentLost>> LostAsync() => TakeAsync(DateTimeOffset.UnixEpoch.AddDays(30_000));

    private Task<IReadOnlyList<DocumentLost>> TakeAsync(DateTimeOffset now) =>
        _test.Catalogue.WriteAsync(session => LostDocuments.Take(session, 10, now.AddMinutes(-10), now), default).WithTimeout("taking");

    private async Task LoseAsync(long held)
    {
        await _test.Vectors.RemoveAsync(_test.IndexOf(), "doc", default);
        if (held > 0)
        {
            await _test.Vectors.ReplaceAsync(_test.IndexOf(), IndexedDocuments.Create("doc", held), default);
        }
    }
}
