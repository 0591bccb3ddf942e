using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Registry;

public sealed class DocumentRegistryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;

    public DocumentRegistryTests() => _registry = new TestRegistry(_folder.Path);

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retire_OfWhatWasPutSinceItWasFoundToBeUnknown_LeavesWhatWasAccepted(bool isIndexed)
    {
        await _registry.PutAsync("text");
        if (isIndexed)
        {
            await _registry.IndexAsync(1, "text");
        }

        (await _registry.Writer.RetireAsync(TestRegistry.Key(), latestVersion: 0, heldVersion: 7, CancellationToken.None)).ShouldBeNull();

        (_registry.Latest().Version, _registry.Latest().State).ShouldBe((1, isIndexed ? DocumentState.Indexed : DocumentState.Received));
    }

    [Fact]
    public async Task Put_OfTheSameContent_ChangesNothing()
    {
        var first = await _registry.PutAsync("same");
        var second = await _registry.PutAsync("same");

        (first.Unchanged, first.Version.Version).ShouldBe((false, 1));
        (second.Unchanged, second.Version.Version).ShouldBe((true, 1));
        _registry.Log.ReadLatest(TestRegistry.Key(), 10).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Put_OfOtherContent_IsTheNextVersion_AndTheOldOneStaysSearchable()
    {
        await _registry.PutAsync("one");
        await _registry.IndexAsync(1, "one");
        await _registry.PutAsync("two");

        var latest = _registry.Latest();
        (latest.Version, latest.State, latest.IndexedVersion).ShouldBe((2, DocumentState.Received, 1));
        await _registry.IndexAsync(2, "two");
        _registry.Latest().IndexedVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Indexed_AfterADeletionThatItOvertook_EndsThatToo_AndNothingOfBeforeCanBeQuoted()
    {
        await _registry.PutAsync("old");
        await _registry.IndexAsync(1, "old");
        await _registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None);
        await _registry.PutAsync("new");
        await _registry.IndexAsync(3, "new");

        _registry.Log.ReadUnpublished(10).Select(entry => (entry.Version, entry.State))
            .ShouldBe([(1, DocumentState.Indexed), (2, DocumentState.Deleted), (3, DocumentState.Indexed)]);
        _registry.Texts.ReadTexts("default", "docs", [new TextRange("a", 1, 0, 3), new TextRange("a", 3, 0, 3)]).ShouldBe([null, "new"]);
        (_registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((DocumentState.Indexed, 3));
        (await _registry.Outcome.RecordUnindexedAsync(TestRegistry.Key(), 2, CancellationToken.None)).ShouldBeFalse();
        _registry.Latest().IndexedVersion.ShouldBe(3);
    }

    [Fact]
    public async Task Put_AfterAFailure_BeginsTheSameVersionAgain()
    {
        await _registry.PutAsync("text");
        await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);
        await _registry.Progress.FailAsync(TestRegistry.Key(), 1, new DocumentFailure("extracting", "X", "because", "mend it"), CancellationToken.None);
        _registry.Latest().Failure.ShouldBe(new DocumentFailure("extracting", "X", "because", "mend it", 1));

        var again = await _registry.PutAsync("text");
        (again.Unchanged, again.Version.Version, again.Version.State, again.Version.Failure).ShouldBe((false, 1, DocumentState.Received, null));
        await _registry.IndexAsync(1, "text");
        _registry.Latest().State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task Puts_OfManyContentsAtOnce_GiveEveryVersionOnce()
    {
        var puts = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => Task.Run(() => _registry.PutAsync($"text {index}")))).WithTimeout("the puts");
        puts.Select(put => put.Version.Version).Order().ShouldBe(Enumerable.Range(1, 40).Select(version => (long)version));
        _registry.Latest().Version.ShouldBe(40);
    }

    [Fact]
    public async Task Puts_OfOneContentAtOnce_GiveOneVersion()
    {
        var puts = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => _registry.PutAsync("text")))).WithTimeout("the puts");
        puts.Count(put => !put.Unchanged).ShouldBe(1);
        puts.ShouldAllBe(put => put.Version.Version == 1);
    }

    [Fact]
    public async Task Reports_OfASupersededVersion_DoNotTouchTheLatest()
    {
        await _registry.PutAsync("one");
        await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);
        await _registry.PutAsync("two");

        (await _registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, "one", "", CancellationToken.None)).ShouldBeFalse();
        (await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None)).ShouldBeNull();
        await _registry.Progress.FailAsync(TestRegistry.Key(), 1, new DocumentFailure("embedding", "X", "late", "none"), CancellationToken.None);

        (_registry.Latest().Version, _registry.Latest().State).ShouldBe((2, DocumentState.Received));
    }

    [Fact]
    public async Task Indexed_ReportedForAnOlderVersionAfterANewer_DoesNotTakeItsPlace()
    {
        await _registry.PutAsync("one");
        await _registry.PutAsync("two");
        await _registry.IndexAsync(2, "two");
        await _registry.Outcome.RecordIndexedAsync(TestRegistry.Key(), 1, 1, CancellationToken.None);

        (_registry.Latest().IndexedVersion, _registry.Latest().State).ShouldBe((2, DocumentState.Indexed));
    }

    [Fact]
    public async Task RefusedDrop_OfADocumentOnItsWay_DoesNotStopIt()
    {
        await _registry.PutAsync("one");
        await _registry.Writer.RegisterAsync(
            new NewVersion
            {
                Key = TestRegistry.Key(), ContentHash = "refused", ContentType = "", Title = "", Uri = "", Metadata = new Dictionary<string, string>(),
                Content = default, TraceParent = null, Refusal = new DocumentFailure("received", "NO_CONTENT", "text: none", "send it"),
            },
            CancellationToken.None);
        (_registry.Latest().Version, _registry.Latest().State).ShouldBe((2, DocumentState.Failed));

        _registry.Clock.Advance(TimeSpan.FromSeconds(1));
        using var restarted = new TestRegistry(_folder.Path, _registry.Clock);
        restarted.Waiting().ShouldHaveSingleItem().Version.ShouldBe(1);
        await _registry.IndexAsync(1, "one");
        (_registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((DocumentState.Failed, 1));
    }

    [Fact]
    public async Task Batches_EmbeddedTwiceAndInAnyOrder_CountOnce()
    {
        await _registry.PutAsync("text");
        await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);
        await _registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, "text", "", CancellationToken.None);
        await _registry.Progress.RecordChunksAsync(TestRegistry.Key(), 1, 96, 3, CancellationToken.None);
        foreach (var batch in new[] { 2, 2, 0, 2, 0 })
        {
            await _registry.Progress.RecordEmbeddedAsync(TestRegistry.Key(), 1, batch, 3, CancellationToken.None);
            _registry.Latest().State.ShouldBe(DocumentState.Embedding);
        }

        await _registry.Progress.RecordEmbeddedAsync(TestRegistry.Key(), 1, 1, batchCount: 4, CancellationToken.None);
        _registry.Latest().State.ShouldBe(DocumentState.Embedding, "a batch of another cut counts for nothing");
        await _registry.Progress.RecordEmbeddedAsync(TestRegistry.Key(), 1, 1, 3, CancellationToken.None);
        _registry.Latest().State.ShouldBe(DocumentState.Indexing);
    }

    [Fact]
    public async Task Begun_TooOften_Fails()
    {
        await _registry.PutAsync("text");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            (await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None)).ShouldNotBeNull();
            (await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None)).ShouldBeNull("it is taken");
            await _registry.Queue.PutBackTakenAsync(CancellationToken.None);
        }

        (await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None)).ShouldBeNull();
        var failure = _registry.Latest().Failure.ShouldNotBeNull();
        (failure.Code, failure.Step, failure.Attempts).ShouldBe(("TOO_MANY_ATTEMPTS", "extracting", 5));
    }

    [Fact]
    public async Task Deletion_WhenReportedDone_LeavesNoContentTextOrDescription()
    {
        await _registry.PutAsync("secret");
        await _registry.IndexAsync(1, "secret");
        var deletion = (await _registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None)).ShouldNotBeNull();
        (deletion.Version, deletion.State, deletion.IndexedVersion).ShouldBe((2, DocumentState.Deleting, 1));
        (await _registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None)).ShouldNotBeNull().Version.ShouldBe(2);

        await _registry.Outcome.RecordUnindexedAsync(TestRegistry.Key(), 2, CancellationToken.None);
        await _registry.Outcome.RecordIndexedAsync(TestRegistry.Key(), 1, 1, CancellationToken.None);

        (_registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((DocumentState.Deleted, 0));
        _registry.Texts.ReadTexts("default", "docs", [new TextRange("a", 1, 0, 6)]).ShouldBe([null]);
        _registry.Catalog.Find(TestRegistry.Key(), 1).ShouldBeNull();
        _registry.Catalog.List(new CatalogFilter("default"), null, 10).ShouldBeEmpty();
        (await _registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None)).ShouldBeNull();

        (await _registry.PutAsync("secret")).Version.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Deletion_ReportedDoneAfterANewPut_LeavesTheNewVersion()
    {
        await _registry.PutAsync("one");
        await _registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None);
        await _registry.PutAsync("three");
        await _registry.IndexAsync(3, "three");
        await _registry.Outcome.RecordUnindexedAsync(TestRegistry.Key(), 2, CancellationToken.None);

        (_registry.Latest().Version, _registry.Latest().State, _registry.Latest().IndexedVersion).ShouldBe((3, DocumentState.Indexed, 3));
        _registry.Texts.ReadTexts("default", "docs", [new TextRange("a", 3, 0, 5)]).ShouldBe(["three"]);
    }

    [Fact]
    public async Task Texts_OfTheLastThreeVersions_CanBeReadAtAnyOffset()
    {
        string[] texts = ["zero 😀 α", "one 😀 β", "two 😀 γ", "three 😀 δ"];
        for (var version = 1; version <= texts.Length; version++)
        {
            await _registry.PutAsync(texts[version - 1]);
            await _registry.IndexAsync(version, texts[version - 1]);
        }

        _registry.Texts.ReadTexts("default", "docs", [new("a", 1, 0, 4), new("a", 2, 4, 8), new("a", 3, 0, 8), new("a", 4, 6, 7), new("a", 4, 9, 10), new("a", 4, 0, 11), new("b", 1, 0, 1), new("a", 9, 0, 1)])
            .ShouldBe([null, "😀 β", "two 😀 γ", "\uD83D", "δ", null, null, null]);
        _registry.Texts.ReadTexts("other", "docs", [new("a", 4, 0, 1)]).ShouldBe([null]);
    }

    [Fact]
    public async Task List_PageByPage_ShowsEachOnce()
    {
        foreach (var id in new[] { "b", "a", "d", "c", "é" })
        {
            await _registry.PutAsync($"text of {id}", id);
        }

        var list = new RagPlatform.Ingestion.Features.ListDocuments.ListDocumentsHandler(_registry.Catalog);
        var ids = new List<string>();
        var token = "";
        do
        {
            var page = list.List(new CatalogFilter("default", "docs"), 2, token);
            page.TotalCount.ShouldBe(5);
            ids.AddRange(page.Documents.Select(document => document.Key.DocumentId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        ids.ShouldBe(["a", "b", "c", "d", "é"]);
        list.List(new CatalogFilter("other", ""), 0, "").Documents.ShouldBeEmpty();
        Should.Throw<RagPlatform.Grpc.Errors.ServiceException>(() => list.List(new CatalogFilter("default", "docs"), 2, "abc")).Field.ShouldBe("page_token");
        Should.Throw<RagPlatform.Grpc.Errors.ServiceException>(() => list.List(new CatalogFilter("default", "docs"), 1001, "")).Field.ShouldBe("page_size");
    }
}
