using RagPlatform.Search.Tests.Segments;

namespace RagPlatform.Search.Tests;

public sealed class CollectionIndexFailureTests
{
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

    private static IndexedDocument Document(int document, long version) => new(
        $"d{document}", version, "", "", new Dictionary<string, string>(),
        [new IndexedChunk($"d{document}-{version}", 0, [], $"text of version {version}", 0, 10, TestVectors.Random(new Random(document), TestDocuments.Dimension))]);
}
