using RagPlatform.Ingestion.Features.TrackBatch;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Registry;

public sealed class BatchTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;
    private readonly BatchesHandler _batches;

    public BatchTests()
    {
        _registry = new TestRegistry(_folder.Path);
        _batches = new BatchesHandler(_registry.Batches, _registry.Pauses, _registry.Clock);
    }

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Batch_OfDocumentsThatEndDifferently_TellsEachAndRests()
    {
        await _registry.PutAsync("indexed", "a", "run");
        await _registry.PutAsync("failing", "b", "run");
        await _registry.PutAsync("on its way", "c", "run");
        await _registry.IndexAsync(1, "indexed", "a");
        await _registry.Progress.BeginAsync(TestRegistry.Key("b"), 1, CancellationToken.None);
        await _registry.Progress.FailAsync(TestRegistry.Key("b"), 1, new DocumentFailure("extracting", "X", "because", "mend it"), CancellationToken.None);

        var standing = _batches.Get("default", "run", maxFailed: 10);
        Counts(standing.Batch).ShouldBe("Received 1, Indexed 1, Failed 1");
        standing.Failed.ShouldHaveSingleItem().Failure!.Reason.ShouldBe("because");
        standing.Estimate.IsAtRest.ShouldBeFalse();

        await _registry.IndexAsync(1, "on its way", "c");
        var rested = _batches.Get("default", "run", maxFailed: 0);
        (rested.Estimate.IsAtRest, rested.Estimate.Progress, rested.Estimate.Remaining, rested.Failed.Count).ShouldBe((true, 1, TimeSpan.Zero, 0));
    }

    [Fact]
    public async Task Put_UnchangedAndIndexed_StaysInItsBatch_AndIsCountedInTheOther()
    {
        await _registry.PutAsync("text", "a", "first");
        await _registry.IndexAsync(1, "text", "a");
        await _registry.PutAsync("text", "a", "second");

        Counts(_registry.Batches.Find("default", "first")!).ShouldBe("Indexed 1");
        var second = _batches.Get("default", "second", 0);
        (Counts(second.Batch), second.Batch.Unchanged, second.Batch.UnchangedBytes, second.Estimate.IsAtRest).ShouldBe(("", 1, 4, true));
    }

    [Fact]
    public async Task Put_AgainWhileOnItsWay_MovesToTheBatchThatAskedLast()
    {
        await _registry.PutAsync("text", "a", "interrupted");
        await _registry.PutAsync("text", "a", "resumed");

        Counts(_registry.Batches.Find("default", "interrupted")!).ShouldBe("");
        Counts(_registry.Batches.Find("default", "resumed")!).ShouldBe("Received 1");
    }

    [Fact]
    public async Task Put_OfANewerVersion_LeavesNoBatchWaitingForTheOlder()
    {
        await _registry.PutAsync("one", "a", "run");
        await _registry.PutAsync("two", "a", "run");
        Counts(_registry.Batches.Find("default", "run")!).ShouldBe("superseded 1, Received 1");

        await _registry.IndexAsync(2, "two", "a");
        _batches.Get("default", "run", 0).Estimate.IsAtRest.ShouldBeTrue();
    }

    [Fact]
    public async Task Deletion_InABatch_IsFollowedToItsEnd_AndWhatItRemovesStaysCounted()
    {
        await _registry.PutAsync("text", "a", "put");
        await _registry.IndexAsync(1, "text", "a");
        await _registry.Writer.RequestDeletionAsync(TestRegistry.Key("a"), "removal", CancellationToken.None);
        Counts(_registry.Batches.Find("default", "removal")!).ShouldBe("Deleting 1");

        await _registry.Outcome.RecordUnindexedAsync(TestRegistry.Key("a"), 2, CancellationToken.None);
        Counts(_registry.Batches.Find("default", "removal")!).ShouldBe("Deleted 1");
        Counts(_registry.Batches.Find("default", "put")!).ShouldBe("Deleted 1");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("docs", true)]
    [InlineData("other", false)]
    public async Task Paused_WhenNothingOfItMayBeBegun(string collection, bool expected)
    {
        await _registry.PutAsync("text", "a", "run");
        await _registry.Pauses.PauseAsync("default", collection, "", CancellationToken.None);
        _batches.Get("default", "run", 0).IsPaused.ShouldBe(expected);

        await _registry.IndexAsync(1, "text", "a");
        _batches.Get("default", "run", 0).IsPaused.ShouldBeFalse();
    }

    [Fact]
    public async Task Declared_RestsOnlyWhenAsManyHaveArrived()
    {
        await _batches.DeclareAsync("default", "run", expectedDocuments: 2, expectedBytes: 400_000, CancellationToken.None);
        _batches.Get("default", "run", 0).Estimate.IsAtRest.ShouldBeFalse();
        var text = new string('x', 200_000);
        await _registry.PutAsync(text, "a", "run");
        await _registry.IndexAsync(1, text, "a");
        var half = _batches.Get("default", "run", 0);
        half.Estimate.IsAtRest.ShouldBeFalse();
        half.Estimate.Progress.ShouldBeInRange(0.4, 0.6);

        await _registry.PutAsync(text, "a", "run");
        _batches.Get("default", "run", 0).Estimate.IsAtRest.ShouldBeTrue();
    }

    [Fact]
    public async Task Embedding_OfALargeDocument_ProgressesChunkByChunk()
    {
        await _registry.PutAsync("text", "a", "run");
        await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);
        await _registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, new string('x', 40_000), "", CancellationToken.None);
        await _registry.Progress.RecordChunksAsync(TestRegistry.Key(), 1, 100, 4, CancellationToken.None);
        for (var batch = 0; batch < 3; batch++)
        {
            _registry.Clock.Advance(TimeSpan.FromSeconds(10));
            await _registry.Progress.RecordEmbeddedAsync(TestRegistry.Key(), 1, batch, 4, CancellationToken.None);
            await _registry.Progress.RecordEmbeddedAsync(TestRegistry.Key(), 1, batch, 4, CancellationToken.None);
        }

        var standing = _batches.Get("default", "run", 0);
        standing.Estimate.Progress.ShouldBe(0.75, 0.001);
        standing.Batch.Slots.Sum(slot => slot.Chunks).ShouldBe(75);
        standing.Batch.Slots.Sum(slot => slot.Characters).ShouldBe(30_000);
        standing.Estimate.Remaining!.Value.TotalSeconds.ShouldBe(10, 3);
    }

    [Fact]
    public async Task List_PageByPage_IsNewestFirst_AndATenantSeesItsOwn()
    {
        for (var run = 0; run < 5; run++)
        {
            await _registry.PutAsync($"text {run}", $"{run}", $"run-{run}");
            _registry.Clock.Advance(TimeSpan.FromSeconds(run == 2 ? 0 : 1));
        }

        var ids = new List<string>();
        var token = "";
        do
        {
            var page = _batches.List("default", 2, token);
            ids.AddRange(page.Batches.Select(standing => standing.Batch.Id));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        ids.ShouldBe(["run-4", "run-3", "run-2", "run-1", "run-0"]);
        _batches.List("other", 0, "").Batches.ShouldBeEmpty();
        Should.Throw<RagPlatform.Grpc.Errors.ServiceException>(() => _batches.Get("other", "run-1", 0)).Code.ShouldBe("BATCH_NOT_FOUND");
        Should.Throw<RagPlatform.Grpc.Errors.ServiceException>(() => _batches.List("default", 2, "WzFd")).Field.ShouldBe("page_token");
        Should.Throw<RagPlatform.Grpc.Errors.ServiceException>(() => _batches.Get("default", "", 0)).Field.ShouldBe("batch_id");
    }

    [Fact]
    public async Task List_OfABatchsDocuments_ShowsThemByCollectionAndId()
    {
        foreach (var id in new[] { "c", "a", "b" })
        {
            await _registry.PutAsync(id, id, "run");
        }

        await _registry.PutAsync("other", "z", "other");
        var filter = new CatalogFilter("default", BatchId: "run");
        _registry.Catalog.List(filter, null, 2).Select(document => document.Key.DocumentId).ShouldBe(["a", "b"]);
        _registry.Catalog.List(filter, new CatalogPosition("docs", "b"), 2).Select(document => document.Key.DocumentId).ShouldBe(["c"]);
        _registry.Catalog.Count(filter).ShouldBe(3);
        _registry.Catalog.Count(filter with { State = DocumentState.Indexed }).ShouldBe(0);
    }

    private static string Counts(Batch batch) =>
        string.Join(", ", batch.Groups.GroupBy(group => group.State).OrderBy(group => group.Key).Select(group => $"{group.Key?.ToString() ?? "superseded"} {group.Sum(one => one.Documents)}"));
}
