using RagPlatform.Search.Files;
using RagPlatform.Search.Tests.Segments;

namespace RagPlatform.Search.Tests;

public sealed class CollectionIndexCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ragplatform-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Snapshot_OfWhatIsInFilesAndInMemory_OpensAsTheSameIndex()
    {
        var random = new Random(1);
        var model = new IndexModel();
        await using var index = CollectionIndex.Open(new DirectoryIndexFiles(Path.Combine(_folder, "index")), TestDocuments.Options, TimeProvider.System);
        for (var step = 0; step < 60; step++)
        {
            await model.ReplaceAsync(index, $"d{random.Next(30)}", random);
            await (step < 50 ? index.MaintainAsync(default) : Task.CompletedTask);
        }

        var copy = new DirectoryIndexFiles(Path.Combine(_folder, "copy"));
        await index.SnapshotAsync(copy, default);

        await using var restored = CollectionIndex.Open(copy, TestDocuments.Options, TimeProvider.System);
        model.ShouldEqual(restored);
        await index.RemoveAsync(model.Held.Keys.First(), default);
        model.ShouldEqual(restored);
    }

    [Fact]
    public async Task Search_InMemoryThenInFilesThenReopenedThenRestored_FindsTheSame()
    {
        var random = new Random(3);
        var folder = new DirectoryIndexFiles(Path.Combine(_folder, "index"));
        var index = CollectionIndex.Open(folder, TestDocuments.Options with { FlushChunks = 150 }, TimeProvider.System);
        for (var document = 0; document < 150; document++)
        {
            await index.ReplaceAsync(TestDocuments.Random(random, $"d{document}", 1), default);
        }

        var queries = Enumerable.Range(0, 20).Select(i => new SearchQuery
        {
            Text = $"naïve plain {i} d{i}", Vector = TestVectors.Random(random, TestDocuments.Dimension), TopK = 20, Candidates = 1000,
        }).ToList();
        var expected = queries.ConvertAll(query => Find(index, query));
        expected[0].Count.ShouldBe(20);

        await index.MaintainAsync(default);
        index.Describe().Segments.ShouldBe(1);
        queries.ConvertAll(query => Find(index, query)).ShouldBe(expected);

        var copy = new DirectoryIndexFiles(Path.Combine(_folder, "copy"));
        await index.SnapshotAsync(copy, default);
        await index.DisposeAsync();
        await using var reopened = CollectionIndex.Open(folder, TestDocuments.Options, TimeProvider.System);
        queries.ConvertAll(query => Find(reopened, query)).ShouldBe(expected);
        await using var restored = CollectionIndex.Open(copy, TestDocuments.Options, TimeProvider.System);
        queries.ConvertAll(query => Find(restored, query)).ShouldBe(expected);
    }

    [Fact]
    public async Task Snapshot_ToWhereFilesAre_IsRefused()
    {
        var files = new DirectoryIndexFiles(_folder);
        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);

        (await Should.ThrowAsync<ArgumentException>(() => index.SnapshotAsync(files, default))).Message.ShouldContain("empty");
    }

    [Fact]
    public async Task Open_OnADisk_HoldsWhatWasWrittenBefore()
    {
        var random = new Random(2);
        var model = new IndexModel();
        for (var round = 0; round < 4; round++)
        {
            await using var index = CollectionIndex.Open(new DirectoryIndexFiles(_folder), TestDocuments.Options, TimeProvider.System);
            model.ShouldEqual(index);
            for (var step = 0; step < 30; step++)
            {
                await (random.Next(4) == 0 ? model.RemoveAsync(index, $"d{random.Next(10)}") : model.ReplaceAsync(index, $"d{random.Next(10)}", random));
                await (random.Next(10) == 0 ? index.MaintainAsync(default) : Task.CompletedTask);
            }

            index.Describe().DiskBytes.ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public async Task Open_WithOtherOptions_IsRefusedByName()
    {
        var files = new DirectoryIndexFiles(_folder);
        await CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System).DisposeAsync();

        var other = Should.Throw<IndexMismatchException>(() => CollectionIndex.Open(files, TestDocuments.Options with { Dimension = 9 }, TimeProvider.System));

        other.Message.ShouldContain("dimension 8");
        other.Message.ShouldContain("dimension 9");
        Should.Throw<IndexMismatchException>(() => CollectionIndex.Open(files, TestDocuments.Options with { TitleWeight = 7 }, TimeProvider.System));
        await CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System).DisposeAsync();
    }

    [Fact]
    public void Open_WithAnOptionOutOfItsRange_NamesItAndTheRange()
    {
        foreach (var options in new[] { TestDocuments.Options with { Dimension = 0 }, TestDocuments.Options with { FlushChunks = 0 }, TestDocuments.Options with { TitleWeight = 17 } })
        {
            var files = new MemoryIndexFiles();

            Should.Throw<ArgumentException>(() => CollectionIndex.Open(files, options, TimeProvider.System)).Message.ShouldContain("must be 1 to");

            files.List().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Replace_OfWhatCannotBeHeld_IsRefusedAndChangesNothing()
    {
        await using var index = CollectionIndex.Open(new MemoryIndexFiles(), TestDocuments.Options, TimeProvider.System);
        var document = TestDocuments.Random(new Random(1), "d", 1);
        await index.ReplaceAsync(document, default);

        await Should.ThrowAsync<ArgumentException>(() => index.ReplaceAsync(document with { Version = 0 }, default));
        await Should.ThrowAsync<ArgumentException>(() => index.ReplaceAsync(document with { DocumentId = "" }, default));
        await Should.ThrowAsync<ArgumentException>(() => index.ReplaceAsync(
            document with { Version = 2, Chunks = [new IndexedChunk("c", 0, [], "", 0, 0, new float[3])] }, default));
        await Should.ThrowAsync<OperationCanceledException>(() => index.ReplaceAsync(document with { Version = 2 }, new CancellationToken(canceled: true)));

        TestDocuments.ShouldBeSame(index.Read("d"), document);
    }

    [Fact]
    public async Task Calls_AfterClosing_AreRefused()
    {
        var index = CollectionIndex.Open(new MemoryIndexFiles(), TestDocuments.Options, TimeProvider.System);
        await index.DisposeAsync();
        await index.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => index.ReplaceAsync(TestDocuments.Random(new Random(1), "d", 1), default));
        await Should.ThrowAsync<ObjectDisposedException>(() => index.RemoveAsync("d", default));
        await Should.ThrowAsync<ObjectDisposedException>(() => index.MaintainAsync(default));
        Should.Throw<ObjectDisposedException>(() => index.Documents());
    }

    private static List<(string ChunkId, double Score)> Find(CollectionIndex index, SearchQuery query) =>
        [.. index.Search(query).Hits.Select(hit => (hit.Chunk.ChunkId, Math.Round(hit.Score, 5)))];
}
