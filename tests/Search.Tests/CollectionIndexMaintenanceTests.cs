using RagPlatform.Search.Tests.Segments;

namespace RagPlatform.Search.Tests;

public sealed class CollectionIndexMaintenanceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Replace_ByManyAtOnce_SharesAFlush()
    {
        using var goOn = new ManualResetEventSlim();
        var files = new MemoryIndexFiles();
        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        var isFlushing = new TaskCompletionSource();
        var flushes = 0;
        files.Flushing = () =>
        {
            flushes++;
            isFlushing.TrySetResult();
            goOn.Wait(Limit);
        };
        var first = Task.Run(() => index.ReplaceAsync(Document(0, 1), default));
        await isFlushing.Task.WaitAsync(Limit);

        var others = Enumerable.Range(1, 30).Select(i => index.ReplaceAsync(Document(i, 1), default)).ToArray();
        others.ShouldAllBe(write => !write.IsCompleted);
        index.Documents().ShouldBeEmpty("nothing is visible before it is durable");
        goOn.Set();
        await Task.WhenAll([first, .. others]).WaitAsync(Limit);

        flushes.ShouldBe(2);
        index.Documents().Count.ShouldBe(31);
    }

    [Fact]
    public async Task Replace_CancelledWhileItWaits_ChangesNothing()
    {
        using var goOn = new ManualResetEventSlim();
        var files = new MemoryIndexFiles();
        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        var isFlushing = new TaskCompletionSource();
        files.Flushing = () =>
        {
            isFlushing.TrySetResult();
            goOn.Wait(Limit);
        };
        var first = Task.Run(() => index.ReplaceAsync(Document(0, 1), default));
        await isFlushing.Task.WaitAsync(Limit);
        using var cancellation = new CancellationTokenSource();
        var waiting = index.ReplaceAsync(Document(1, 1), cancellation.Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WaitAsync(Limit));
        goOn.Set();
        await first.WaitAsync(Limit);
        index.Documents().ShouldHaveSingleItem().DocumentId.ShouldBe("d0");
    }

    [Fact]
    public async Task Maintain_AfterManyReplacements_KeepsFilesFewAndDeletedChunksRare()
    {
        const int Documents = 600;
        var files = new MemoryIndexFiles();
        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        for (var version = 1; version <= 3; version++)
        {
            for (var document = 0; document < Documents; document++)
            {
                await index.ReplaceAsync(Document(document, version), default);
                await index.MaintainAsync(default);
            }
        }

        var description = index.Describe();
        (description.Documents, description.Chunks).ShouldBe((Documents, Documents));
        ((double)description.DeletedChunks / (description.Chunks + description.DeletedChunks)).ShouldBeLessThan(0.35);
        files.List().Count(name => name.StartsWith("segment-", StringComparison.Ordinal)).ShouldBeInRange(1, 10);
        files.List().Count(name => name.StartsWith("log-", StringComparison.Ordinal)).ShouldBe(1);
        index.Documents().ShouldAllBe(document => document.Version == 3);
    }

    [Fact]
    public async Task Maintain_WhileDocumentsAreDeletedDuringTheMerge_CarriesThatOver()
    {
        var files = new MemoryIndexFiles();
        await using (var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System))
        {
            for (var document = 0; document < TestDocuments.Options.FlushChunks; document++)
            {
                await index.ReplaceAsync(Document(document, 1), default);
            }

            var isChanged = false;
            files.Flushing = () =>
            {
                // The segment that the flush writes is there, with all documents in it; what happens to them now is in the new log.
                if (!isChanged && files.List().Any(name => name.StartsWith("segment-", StringComparison.Ordinal)))
                {
                    isChanged = true;
                    index.RemoveAsync("d0", default).Wait(Limit).ShouldBeTrue();
                    index.ReplaceAsync(Document(1, 2), default).Wait(Limit).ShouldBeTrue();
                }
            };
            await index.MaintainAsync(default).WaitAsync(Limit);
            isChanged.ShouldBeTrue();
            Check(index);
        }

        await using var reopened = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        Check(reopened);

        static void Check(CollectionIndex index)
        {
            index.VersionOf("d0").ShouldBe(0);
            index.VersionOf("d1").ShouldBe(2);
            index.VersionOf("d2").ShouldBe(1);
            index.Describe().Documents.ShouldBe(TestDocuments.Options.FlushChunks - 1);
        }
    }

    [Fact]
    public async Task Maintain_Cancelled_LeavesAllAsItWasAndGoesOnLater()
    {
        var files = new MemoryIndexFiles();
        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        for (var document = 0; document < TestDocuments.Options.FlushChunks; document++)
        {
            await index.ReplaceAsync(Document(document, 1), default);
        }

        using var cancellation = new CancellationTokenSource();
        files.Flushing = cancellation.Cancel;
        await Should.ThrowAsync<OperationCanceledException>(() => index.MaintainAsync(cancellation.Token).WaitAsync(Limit));
        files.Flushing = () => { };

        index.Describe().Documents.ShouldBe(TestDocuments.Options.FlushChunks);
        await index.MaintainAsync(default).WaitAsync(Limit);
        index.Describe().Documents.ShouldBe(TestDocuments.Options.FlushChunks);
        files.List().Count(name => name.StartsWith("log-", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Dispose_WhileMaintenanceRuns_EndsItAndLosesNothing()
    {
        using var goOn = new ManualResetEventSlim();
        var files = new MemoryIndexFiles();
        var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        for (var document = 0; document < TestDocuments.Options.FlushChunks; document++)
        {
            await index.ReplaceAsync(Document(document, 1), default);
        }

        var isFlushing = new TaskCompletionSource();
        files.Flushing = () =>
        {
            isFlushing.TrySetResult();
            goOn.Wait(Limit);
        };
        var maintaining = Task.Run(() => index.MaintainAsync(default));
        await isFlushing.Task.WaitAsync(Limit);

        var closing = index.DisposeAsync().AsTask();
        goOn.Set();
        await closing.WaitAsync(Limit);

        // It may have been past the last step that can be cancelled.
        var end = await Record.ExceptionAsync(() => maintaining.WaitAsync(Limit));
        (end is null or OperationCanceledException).ShouldBeTrue($"{end}");
        files.OpenMaps.ShouldBe(0);
        await using var reopened = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        reopened.Describe().Documents.ShouldBe(TestDocuments.Options.FlushChunks);
    }

    [Fact]
    public async Task Replace_WithoutMaintenance_IsRefusedBeforeMemoryRunsOut()
    {
        await using var index = CollectionIndex.Open(new MemoryIndexFiles(), TestDocuments.Options with { FlushChunks = 4 }, TimeProvider.System);
        for (var document = 0; document <= 64; document++)
        {
            await index.ReplaceAsync(Document(document, 1), default);
        }

        (await Should.ThrowAsync<IOException>(() => index.ReplaceAsync(Document(65, 1), default))).Message.ShouldContain("limit is 64");

        await index.MaintainAsync(default).WaitAsync(Limit);
        await index.ReplaceAsync(Document(65, 1), default);
        index.Describe().Documents.ShouldBe(66);
    }

    private static IndexedDocument Document(int document, long version) => new(
        $"d{document}", version, "", "", new Dictionary<string, string>(),
        [new IndexedChunk($"d{document}-{version}", 0, [], $"text of version {version}", 0, 10, TestVectors.Random(new Random(document), TestDocuments.Dimension))]);
}
