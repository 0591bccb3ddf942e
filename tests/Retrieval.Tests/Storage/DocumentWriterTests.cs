using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Tests.Storage;

public sealed class DocumentWriterTests : IAsyncLifetime
{
    private TestStore _test = null!;

    public async Task InitializeAsync() => _test = await TestStore.OpenAsync();

    public Task DisposeAsync()
    {
        _test.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Stage_LastBatch_MakesTheVersionVisible()
    {
        var batches = Batches.Version(Batches.Document(), 1);

        (await _test.StageAsync(batches[1])).ShouldBe(StageOutcome.Staged);
        (await _test.FindAsync("common")).ShouldBeEmpty();
        (await _test.StageAsync(batches[0])).ShouldBe(StageOutcome.Visible);

        (await _test.DescribeAsync("doc")).ShouldBe("visible 1, deleted 0, staged [] [], found [1.0 1.1 1.2 1.3]");
        var document = (await _test.Vectors.ReadDocumentAsync(_test.IndexOf(), "doc", default))!;
        (document.Title, document.Uri, document.Metadata["version"]).ShouldBe(("Title doc", "file:///doc", "1"));
        document.Chunks.Select(chunk => chunk.Ordinal).ShouldBe([0, 1, 2, 3]);
        document.Chunks.Select(chunk => (chunk.HeadingPath[0], chunk.Vector.ToArray()[chunk.Ordinal])).ShouldBe(Enumerable.Repeat(("Guide", 1f), 4));
    }

    [Fact]
    public async Task Stage_NextVersion_ReplacesTheFormer()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 1));
        await _test.StageAsync(Batches.Version(Batches.Document(), 2, batches: 1, chunksPerBatch: 1));

        (await _test.DescribeAsync("doc")).ShouldBe("visible 2, deleted 0, staged [] [], found [2.0]");
        _test.Collections.Size.ShouldBe(new CollectionSize(1, 1));
    }

    [Fact]
    public async Task Stage_LowerVersion_IsIgnored()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 3));

        (await _test.StageAsync(Batches.Version(Batches.Document(), 2)[0])).ShouldBe(StageOutcome.Superseded);

        (await _test.DescribeAsync("doc")).ShouldBe("visible 3, deleted 0, staged [] [], found [3.0 3.1 3.2 3.3]");
    }

    [Fact]
    public async Task Stage_VersionsThatNeverComplete_KeepOnlyTheHighest()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 1));
        foreach (var version in new[] { 2, 5, 3, 4 })
        {
            await _test.StageAsync(Batches.Version(Batches.Document(), version)[0]);
        }

        (await _test.DescribeAsync("doc")).ShouldBe("visible 1, deleted 0, staged [5/0] [5.0 5.1], found [1.0 1.1 1.2 1.3]");
        (await _test.StageAsync(Batches.Version(Batches.Document(), 4)[1])).ShouldBe(StageOutcome.Superseded);
        (await _test.StageAsync(Batches.Version(Batches.Document(), 1)[0])).ShouldBe(StageOutcome.Visible);
    }

    [Fact]
    public async Task Stage_TheVersionThatTheStoreLost_ComesBack_ThoughAHigherOneFailedHalfStaged()
    {
        var first = Batches.Version(Batches.Document(), 1);
        await _test.StageAsync(first);
        var next = Batches.Version(Batches.Document(), 2);
        await _test.StageAsync(next[0]);
        await _test.Catalogue.WriteAsync(session => DocumentRow.Find(session, TestStore.Docs, "doc").MarkLost(session, "damaged"), default);
        await _test.Vectors.RemoveAsync(_test.IndexOf(), "doc", default);

        (await _test.StageAsync(first)).ShouldBe(StageOutcome.Visible);

        (await _test.DescribeAsync("doc")).ShouldBe("visible 1, deleted 0, staged [2/0] [2.0 2.1], found [1.0 1.1 1.2 1.3]");
        (await _test.StageAsync(next[1])).ShouldBe(StageOutcome.Visible, "once it is redriven");
    }

    [Fact]
    public async Task Stage_HigherVersionOfAnotherModel_TakesTheModelThatTheFirstBatchDecided()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 1)[0]);

        await _test.StageAsync(Batches.Version(Batches.Document(), 2, model: "other-model", dimension: 8));

        _test.Collections.Require(TestStore.Docs).Index!.Settings.ShouldBe(new IndexSettings(Batches.Model, Batches.Dimension));
        (await _test.DescribeAsync("doc")).ShouldBe("visible 2, deleted 0, staged [] [], found [2.0 2.1 2.2 2.3]");
    }

    [Fact]
    public async Task Reopen_WhileAVersionIsHalfStaged_ShowsTheFormerAndCanComplete()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 1));
        var next = Batches.Version(Batches.Document(), 2);
        await _test.StageAsync(next[0]);

        await _test.ReopenAsync();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 1, deleted 0, staged [2/0] [2.0 2.1], found [1.0 1.1 1.2 1.3]");
        (await _test.StageAsync(next[1])).ShouldBe(StageOutcome.Visible);
        (await _test.DescribeAsync("doc")).ShouldBe("visible 2, deleted 0, staged [] [], found [2.0 2.1 2.2 2.3]");
    }

    [Fact]
    public async Task Reopen_Anything_IsAsBefore()
    {
        await _test.StageAsync(Batches.Version(Batches.Document("a"), 1));
        await _test.StageAsync(Batches.Version(Batches.Document("b"), 1, batches: 1, chunksPerBatch: 0));
        await _test.StageAsync(Batches.Version(Batches.Document("c", collection: "other"), 1));
        await _test.StageAsync(Batches.Version(Batches.Document("gone"), 1));
        await _test.RemoveAsync("gone", 2);
        var collections = _test.Collections.All();

        await _test.ReopenAsync();

        _test.Collections.All().ShouldBe(collections);
        collections.Select(collection => (collection.Key.Name, collection.Size)).ShouldBe([("docs", new CollectionSize(2, 4)), ("other", new CollectionSize(1, 4))]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Stage_TheStoreFails_IsHealedByTheNextDelivery(int batches)
    {
        var version = Batches.Version(Batches.Document(), 1, batches);
        await _test.StageAsync(version[1..]);
        _test.Vectors.Before = call => throw new IOException(call);
        await Should.ThrowAsync<IOException>(() => _test.StageAsync(version[0]));
        _test.Vectors.Before = null;

        (await _test.StageAsync(version[0])).ShouldBe(StageOutcome.Visible);

        _test.Collections.Size.ShouldBe(new CollectionSize(1, batches * 2));
    }

    [Fact]
    public async Task Remove_TheStoreFails_IsHealedByTheNextDelivery()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 1));
        _test.Vectors.Before = call => throw new IOException(call);
        await Should.ThrowAsync<IOException>(() => _test.RemoveAsync("doc", 2));
        _test.Vectors.Before = null;

        (await _test.RemoveAsync("doc", 2)).ShouldBeTrue();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 0, deleted 2, staged [] [], found []");
        _test.Collections.Size.ShouldBe(default);
    }

    [Fact]
    public async Task Remove_Document_LeavesNothingButItsTombstone()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 1));
        await _test.StageAsync(Batches.Version(Batches.Document(), 2)[0]);

        (await _test.RemoveAsync("doc", 3)).ShouldBeTrue();
        (await _test.RemoveAsync("doc", 3)).ShouldBeTrue();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 0, deleted 3, staged [] [], found []");
        (await _test.StageAsync(Batches.Version(Batches.Document(), 2)[1])).ShouldBe(StageOutcome.Superseded);
        await _test.StageAsync(Batches.Version(Batches.Document(), 4));
        (await _test.FindAsync("common")).Length.ShouldBe(4);
    }

    [Fact]
    public async Task Remove_OlderThanWhatIsVisible_ChangesNothing()
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 4));

        (await _test.RemoveAsync("doc", 3)).ShouldBeFalse();

        (await _test.FindAsync("common")).Length.ShouldBe(4);
        _test.Collections.Size.ShouldBe(new CollectionSize(1, 4));
    }

    [Fact]
    public async Task Remove_BeforeAnyContent_KeepsOlderContentOut()
    {
        (await _test.RemoveAsync("doc", 2)).ShouldBeTrue();

        (await _test.StageAsync(Batches.Version(Batches.Document(), 1)[0])).ShouldBe(StageOutcome.Superseded);
        _test.Collections.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task Stage_OtherModel_IsEmbeddedByTheCollectionsOwn_AlsoWhereItIsEmpty()
    {
        await _test.StageAsync(Batches.Version(Batches.Document("a"), 1));
        await _test.RemoveAsync("a", 2);
        var index = _test.IndexOf();

        (await _test.StageAsync(Batches.Version(Batches.Document("b"), 1, model: "other-model", dimension: 8))).ShouldBe(StageOutcome.Visible);

        _test.IndexOf().ShouldBe(index);
        var held = (await _test.Vectors.ReadDocumentAsync(index, "b", default)).ShouldNotBeNull();
        held.Chunks.Select(chunk => chunk.Ordinal).ShouldBe([0, 1, 2, 3]);
        held.Chunks.ShouldAllBe(chunk => chunk.Vector.Length == Batches.Dimension && chunk.Vector.ToArray()[0] == 1);
    }

    [Fact]
    public async Task Stage_OtherDimensionOfTheSameModel_IsRefused()
    {
        await _test.StageAsync(Batches.Version(Batches.Document("a"), 1));

        foreach (var batches in new[] { 1, 2 })
        {
            var failure = await Should.ThrowAsync<ServiceException>(() => _test.StageAsync(Batches.Version(Batches.Document("b"), 1, batches, dimension: 8)));
            (failure.Kind, failure.Code).ShouldBe((FailureKind.FailedPrecondition, "DIMENSION_CHANGED"));
            failure.Remedy!.ShouldContain("rag collections rebuild docs --model fake-model");
        }

        (await _test.DescribeAsync("b")).ShouldBe("visible 0, deleted 0, staged [] [], found []");
    }

    [Fact]
    public async Task Stage_BatchesThatContradictEachOther_AreRefused()
    {
        var batches = Batches.Version(Batches.Document(), 1);
        await _test.StageAsync(batches[0]);

        foreach (var wrong in new[]
        {
            batches[1] with { ContentHash = "other" }, batches[1] with { Chunks = batches[0].Chunks }, batches[1] with { Chunks = [] },
        })
        {
            (await Should.ThrowAsync<ServiceException>(() => _test.StageAsync(wrong))).Code.ShouldBe("BATCH_INVALID");
        }

        (await _test.StageAsync(batches[1])).ShouldBe(StageOutcome.Visible);
    }

    [Theory]
    [InlineData(3, Batches.Model, Batches.Dimension)]
    [InlineData(2, "other-model", 8)]
    public async Task Stage_VersionPreparedAgainDifferently_TheLaterPreparationCounts(int batches, string model, int dimension)
    {
        await _test.StageAsync(Batches.Version(Batches.Document(), 1)[0]);

        await _test.StageAsync(Batches.Version(Batches.Document(), 1, batches, chunksPerBatch: 1, model, dimension));

        _test.Collections.Require(TestStore.Docs).Index!.Settings.ShouldBe(new IndexSettings(Batches.Model, Batches.Dimension));
        (await _test.DescribeAsync("doc")).ShouldBe($"visible 1, deleted 0, staged [] [], found [{string.Join(' ', Enumerable.Range(0, batches).Select(i => $"1.{i}"))}]");
    }

    [Fact]
    public async Task Collections_OfOtherTenants_AreApart()
    {
        await _test.StageAsync(Batches.Version(Batches.Document("mine"), 1));
        await _test.StageAsync(Batches.Version(Batches.Document("theirs", tenant: "globex"), 1));
        var theirs = CollectionKey.Require("globex", "docs");

        (await _test.FindAsync("common")).ShouldAllBe(hit => hit.StartsWith("mine"));
        (await _test.FindAsync("common", theirs)).ShouldAllBe(hit => hit.StartsWith("theirs"));
        _test.Collections.All(Tenant.Require("initech")).ShouldBeEmpty();
        await _test.Writer.RemoveAsync(theirs, "mine", 9, default);
        (await _test.FindAsync("common")).Length.ShouldBe(4);
    }
}
