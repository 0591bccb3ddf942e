using RagPlatform.Search.InMemory;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Tests.Storage;

public sealed class EmbeddedVectorStoreTests : IDisposable
{
    private readonly TestStore _test = new();

    [Fact]
    public async Task Stage_LastBatch_MakesTheVersionVisible()
    {
        var batches = Batches.Version(Batches.Document(), 1);

        (await StageAsync(batches[1])).ShouldBe(StageOutcome.Staged);
        (await _test.FindAsync("common")).ShouldBeEmpty();
        (await StageAsync(batches[0])).ShouldBe(StageOutcome.Visible);

        var chunks = await _test.FindAsync("common");
        chunks.Count.ShouldBe(4);
        chunks.ShouldAllBe(chunk => chunk.Document.Version == 1 && chunk.Document.Metadata["version"] == "1" && chunk.HeadingPath[0] == "Guide");
    }

    [Fact]
    public async Task Stage_NextVersion_ReplacesTheFormerAndItsRows()
    {
        await StageAsync(Batches.Version(Batches.Document(), 1));
        await StageAsync(Batches.Version(Batches.Document(), 2, batches: 1, chunksPerBatch: 1));

        (await _test.DescribeAsync("doc")).ShouldBe("visible 2, deleted 0, versions [2], chunks [2.0], staged [], found [2@0]");
    }

    [Fact]
    public async Task Stage_LowerVersion_IsIgnored()
    {
        await StageAsync(Batches.Version(Batches.Document(), 3));

        (await StageAsync(Batches.Version(Batches.Document(), 2)[0])).ShouldBe(StageOutcome.Superseded);

        (await _test.FindAsync("common")).ShouldAllBe(chunk => chunk.Document.Version == 3);
    }

    [Fact]
    public async Task Stage_VersionsThatNeverComplete_KeepOnlyTheHighest()
    {
        await StageAsync(Batches.Version(Batches.Document(), 1));
        foreach (var version in new[] { 2, 5, 3, 4 })
        {
            await StageAsync(Batches.Version(Batches.Document(), version)[0]);
        }

        (await _test.DescribeAsync("doc")).ShouldBe("visible 1, deleted 0, versions [1 5], chunks [1.0 1.1 1.2 1.3 5.0 5.1], staged [5/0], found [1@0 1@100 1@200 1@300]");
        (await StageAsync(Batches.Version(Batches.Document(), 4)[1])).ShouldBe(StageOutcome.Superseded);
        (await StageAsync(Batches.Version(Batches.Document(), 1)[0])).ShouldBe(StageOutcome.Visible);
    }

    [Fact]
    public async Task Stage_HigherVersionOfAnotherModel_MayReplaceWhatWasOnlyStaged()
    {
        await StageAsync(Batches.Version(Batches.Document(), 1)[0]);

        await StageAsync(Batches.Version(Batches.Document(), 2, model: "other-model", dimension: 8));

        (await _test.Store.DescribeAsync(TestStore.Docs, default))!.Model.ShouldBe("other-model");
    }

    [Fact]
    public async Task Reopen_WhileAVersionIsHalfStaged_ShowsTheFormerAndCanComplete()
    {
        await StageAsync(Batches.Version(Batches.Document(), 1));
        var next = Batches.Version(Batches.Document(), 2);
        await StageAsync(next[0]);

        _test.Reopen();

        (await _test.FindAsync("common")).Select(chunk => chunk.Document.Version).ShouldBe([1, 1, 1, 1]);
        (await StageAsync(next[1])).ShouldBe(StageOutcome.Visible);
        (await _test.FindAsync("common")).Select(chunk => chunk.Document.Version).ShouldBe([2, 2, 2, 2]);
    }

    [Fact]
    public async Task Reopen_Anything_AnswersAsBefore()
    {
        await StageAsync(Batches.Version(Batches.Document("a"), 1));
        await StageAsync(Batches.Version(Batches.Document("b"), 1, batches: 1, chunksPerBatch: 0));
        await StageAsync(Batches.Version(Batches.Document("c", collection: "other"), 1));
        await StageAsync(Batches.Version(Batches.Document("gone"), 1));
        await RemoveAsync("gone", 2);
        var query = new InMemoryQuery("common part1 guide", new float[] { 0, 1, 0, 0 }, 10, 0.5);
        var before = await _test.Store.SearchAsync(TestStore.Docs, Batches.Model, query, default);
        var collections = await _test.Store.ListAsync(TestStore.Docs.Tenant, default);

        _test.Reopen();

        var after = await _test.Store.SearchAsync(TestStore.Docs, Batches.Model, query, default);
        after.Hits.Select(hit => (hit.ChunkId, hit.Score)).ShouldBe(before.Hits.Select(hit => (hit.ChunkId, hit.Score)));
        (await _test.Store.ListAsync(TestStore.Docs.Tenant, default)).ShouldBe(collections);
        collections.ShouldBe(
        [
            new CollectionDescription("docs", new IndexSize(2, 4), Batches.Model, Batches.Dimension),
            new CollectionDescription("other", new IndexSize(1, 4), Batches.Model, Batches.Dimension),
        ]);
    }

    [Fact]
    public async Task Stage_CommittedButNotYetInMemory_RedeliveryShowsIt()
    {
        var batches = Batches.Version(Batches.Document(), 1);
        await StageAsync(batches[0]);
        await _test.StageBehindTheBackAsync(batches[1]);
        (await _test.FindAsync("common")).ShouldBeEmpty();

        (await StageAsync(batches[1])).ShouldBe(StageOutcome.Visible);

        (await _test.FindAsync("common")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Remove_Document_LeavesNothingButItsTombstone()
    {
        await StageAsync(Batches.Version(Batches.Document(), 1));
        await StageAsync(Batches.Version(Batches.Document(), 2)[0]);

        (await RemoveAsync("doc", 3)).ShouldBeTrue();
        (await RemoveAsync("doc", 3)).ShouldBeTrue();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 0, deleted 3, versions [], chunks [], staged [], found []");
        (await StageAsync(Batches.Version(Batches.Document(), 2)[1])).ShouldBe(StageOutcome.Superseded);
        await StageAsync(Batches.Version(Batches.Document(), 4));
        (await _test.FindAsync("common")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Remove_OlderThanWhatIsVisible_ChangesNothing()
    {
        await StageAsync(Batches.Version(Batches.Document(), 4));

        (await RemoveAsync("doc", 3)).ShouldBeFalse();

        (await _test.FindAsync("common")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Remove_BeforeAnyContent_KeepsOlderContentOut()
    {
        (await RemoveAsync("doc", 2)).ShouldBeTrue();

        (await StageAsync(Batches.Version(Batches.Document(), 1)[0])).ShouldBe(StageOutcome.Superseded);
    }

    [Fact]
    public async Task Stage_OtherModelOrDimension_IsRefusedUntilTheCollectionIsEmpty()
    {
        await StageAsync(Batches.Version(Batches.Document("a"), 1));
        var other = Batches.Version(Batches.Document("b"), 1, model: "other-model", dimension: 8);

        var failure = await Should.ThrowAsync<ServiceException>(() => StageAsync(other[0]));
        failure.Kind.ShouldBe(FailureKind.FailedPrecondition);
        failure.Message.ShouldContain("'other-model' (8 dimensions)");
        await Should.ThrowAsync<ServiceException>(() => StageAsync(Batches.Version(Batches.Document("b"), 1, dimension: 8)[0]));
        (await _test.DescribeAsync("b")).ShouldContain("versions [], chunks [], staged []");

        await RemoveAsync("a", 2);
        await StageAsync(other);

        (await _test.Store.DescribeAsync(TestStore.Docs, default)).ShouldBe(new CollectionDescription("docs", new IndexSize(1, 4), "other-model", 8));
        (await Should.ThrowAsync<ServiceException>(() => _test.Store.SearchAsync(TestStore.Docs, Batches.Model, new InMemoryQuery("x", new float[4], 1, 1), default)))
            .Kind.ShouldBe(FailureKind.Unavailable);
    }

    [Fact]
    public async Task Stage_BatchesThatContradictEachOther_AreRefused()
    {
        var batches = Batches.Version(Batches.Document(), 1);
        await StageAsync(batches[0]);

        foreach (var wrong in new[]
        {
            batches[1] with { ContentHash = "other" }, batches[1] with { Chunks = batches[0].Chunks }, batches[1] with { Chunks = [] },
        })
        {
            (await Should.ThrowAsync<ServiceException>(() => StageAsync(wrong))).Code.ShouldBe("BATCH_INVALID");
        }

        (await StageAsync(batches[1])).ShouldBe(StageOutcome.Visible);
    }

    [Theory]
    [InlineData(3, Batches.Model, Batches.Dimension)]
    [InlineData(2, "other-model", 8)]
    public async Task Stage_VersionPreparedAgainDifferently_TheLaterPreparationCounts(int batches, string model, int dimension)
    {
        await StageAsync(Batches.Version(Batches.Document(), 1)[0]);

        await StageAsync(Batches.Version(Batches.Document(), 1, batches, chunksPerBatch: 1, model, dimension));

        (await _test.Store.DescribeAsync(TestStore.Docs, default)).ShouldBe(new CollectionDescription("docs", new IndexSize(1, batches), model, dimension));
        (await _test.DescribeAsync("doc")).ShouldContain("versions [1]");
    }

    [Fact]
    public async Task Search_OtherTenantsCollectionOfTheSameName_IsNotSeen()
    {
        await StageAsync(Batches.Version(Batches.Document("mine"), 1));
        var theirs = CollectionKey.Require("globex", "docs");
        foreach (var batch in Batches.Version(Batches.Document("theirs", tenant: "globex"), 1))
        {
            await _test.Store.StageAsync(theirs, batch, default);
        }

        (await _test.FindAsync("common")).ShouldAllBe(chunk => chunk.Document.DocumentId == "mine");
        (await _test.FindAsync("common", theirs)).ShouldAllBe(chunk => chunk.Document.DocumentId == "theirs");
        (await _test.Store.ListAsync(Tenant.Require("initech"), default)).ShouldBeEmpty();
        await _test.Store.RemoveAsync(theirs, "mine", 9, default);
        (await _test.FindAsync("common")).Count.ShouldBe(4);
    }

    public void Dispose() => _test.Dispose();

    private Task<StageOutcome> StageAsync(ChunksEmbedded batch) => _test.Store.StageAsync(TestStore.Docs.Name == batch.Document.Collection
        ? TestStore.Docs
        : CollectionKey.Require(batch.Document.Tenant, batch.Document.Collection), batch, default);

    private async Task StageAsync(ChunksEmbedded[] batches)
    {
        foreach (var batch in batches)
        {
            await StageAsync(batch);
        }
    }

    private Task<bool> RemoveAsync(string documentId, long version) => _test.Store.RemoveAsync(TestStore.Docs, documentId, version, default);
}
