using RagPlatform.Search.Files;
using RagPlatform.Search.Tests.Segments;

namespace RagPlatform.Search.Tests;

public sealed class CollectionIndexFailureTests
{
    private const int Readers = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Maintain_ThatFailsAgainAndAgain_LeavesNoMoreFilesEachTime()
    {
        var files = new MemoryIndexFiles();
        await using var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System);
        for (var document = 0; document < TestDocuments.Options.FlushChunks; document++)
        {
            await index.ReplaceAsync(Document(document, 1), default);
        }

        files.Flushing = () =>
        {
            if (files.List().Any(name => name.StartsWith("segment-", StringComparison.Ordinal)))
            {
                throw new IOException("No room for segments.");
            }
        };
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await Should.ThrowAsync<IOException>(() => index.MaintainAsync(default).WaitAsync(Limit));
        }

        files.List().Count.ShouldBe(3, "the log that waits, the one that is written to, and the manifest");
        files.Flushing = () => { };
        await index.ReplaceAsync(Document(0, 2), default);
        await index.MaintainAsync(default).WaitAsync(Limit);
        index.Describe().Documents.ShouldBe(TestDocuments.Options.FlushChunks);
        files.List().Count(name => name.StartsWith("log-", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Dispose_WhileMappedFilesAreReadMergedAndCopied_LetsReadersFinish()
    {
        var folder = Directory.CreateTempSubdirectory("ragplatform-test-").FullName;
        try
        {
            for (var round = 0; round < 5; round++)
            {
                var path = Path.Combine(folder, $"{round}");
                var index = CollectionIndex.Open(new DirectoryIndexFiles(Path.Combine(path, "index")), TestDocuments.Options, TimeProvider.System);
                for (var document = 0; document < 4 * TestDocuments.Options.FlushChunks; document++)
                {
                    await index.ReplaceAsync(Document(document, 1), default);
                    await index.MaintainAsync(default);
                }

                var begun = new CountdownEvent(Readers + 1);
                var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadUntilClosed(index, begun))).ToArray();
                var copying = Task.Run(() => CopyUntilClosedAsync(index, path, begun));
                begun.Wait(Limit).ShouldBeTrue();

                await index.DisposeAsync().AsTask().WaitAsync(Limit);

                (await Task.WhenAll(readers).WaitAsync(Limit)).ShouldAllBe(reads => reads > 0);
                await copying.WaitAsync(Limit);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whatever is read of a file that is unmapped meanwhile takes the process down.</summary>
    private static int ReadUntilClosed(CollectionIndex index, CountdownEvent begun)
    {
        var query = new SearchQuery { Text = "text version", Vector = TestVectors.Random(new Random(1), TestDocuments.Dimension), TopK = 50, Explain = true };
        for (var reads = 0; ; reads++)
        {
            try
            {
                index.Search(query).Hits.Count.ShouldBe(50);
                index.Read($"d{reads % 40}")!.Chunks.Count.ShouldBe(1);
                index.CountFacets(["document_id"], null, 10);
                if (reads == 0)
                {
                    begun.Signal();
                }
            }
            catch (ObjectDisposedException)
            {
                return reads;
            }
        }
    }

    private static async Task CopyUntilClosedAsync(CollectionIndex index, string path, CountdownEvent begun)
    {
        begun.Signal();
        for (var copy = 0; ; copy++)
        {
            try
            {
                await index.SnapshotAsync(new DirectoryIndexFiles(Path.Combine(path, $"copy{copy}")), default);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static IndexedDocument Document(int document, long version) => new(
        $"d{document}", version, "", "", new Dictionary<string, string>(),
        [new IndexedChunk($"d{document}-{version}", 0, [], $"text of version {version}", 0, 10, TestVectors.Random(new Random(document), TestDocuments.Dimension))]);
}
