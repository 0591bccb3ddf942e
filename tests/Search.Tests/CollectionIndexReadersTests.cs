using RagPlatform.Search.Tests.Segments;

namespace RagPlatform.Search.Tests;

public sealed class CollectionIndexReadersTests
{
    private const int Documents = 4;
    private const int Readers = 2;
    private const int ReadsPerReader = 500_000;
    private const int ReadsPerListing = 100;

    [Fact]
    public async Task Reads_WhileDocumentsAreReplacedFlushedAndMerged_SeeOneWholeVersionOfEach()
    {
        var files = new MemoryIndexFiles();
        await using (var index = CollectionIndex.Open(files, TestDocuments.Options, TimeProvider.System))
        {
            for (var document = 0; document < Documents; document++)
            {
                await index.ReplaceAsync(Version(document, 1), default);
            }

            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            var reading = Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => Task.Run(() => Read(index, reader, limit.Token), limit.Token)));
            var version = 1L;
            while (!reading.IsCompleted)
            {
                version++;
                await Task.WhenAll(Enumerable.Range(0, Documents).Select(document => index.ReplaceAsync(Version(document, version), limit.Token)));
                await index.MaintainAsync(limit.Token);
            }

            (await reading).Sum().ShouldBe((long)Readers * ReadsPerReader);
            version.ShouldBeGreaterThan(10);
        }

        files.OpenMaps.ShouldBe(0);
    }

    private static long Read(CollectionIndex index, int reader, CancellationToken cancellationToken)
    {
        var newest = new long[Documents];
        var reads = 0L;
        for (; reads < ReadsPerReader; reads++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var document = (int)((reads + reader) % Documents);
            var found = index.Read($"d{document}");
            if (found is null || found.Version < newest[document] || found.Chunks.Count != ChunksOf(found.Version)
                || found.Chunks.Any(chunk => chunk.EndOffset != found.Version))
            {
                throw new InvalidOperationException($"Read {reads} of d{document} saw {found}, after version {newest[document]}.");
            }

            newest[document] = found.Version;
            if (reads % ReadsPerListing == 0)
            {
                var held = index.Documents();
                held.Select(entry => entry.DocumentId).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, Documents).Select(i => $"d{i}"));
                held.ShouldAllBe(entry => entry.ChunkCount == ChunksOf(entry.Version));
                CheckSearch(index);
            }
        }

        return reads;
    }

    private static void CheckSearch(CollectionIndex index)
    {
        var hits = index.Search(new SearchQuery { Text = "text", Fusion = FusionMethod.Lexical, TopK = 100 }).Hits;
        var found = hits.GroupBy(hit => hit.Document.DocumentId, StringComparer.Ordinal).ToList();
        found.Count.ShouldBe(Documents);
        foreach (var document in found)
        {
            var version = document.First().Document.Version;
            document.Select(hit => hit.Chunk.EndOffset).ShouldAllBe(written => written == version);
            document.Count().ShouldBe(ChunksOf(version));
        }
    }

    private static int ChunksOf(long version) => 1 + (int)(version % 3);

    private static IndexedDocument Version(int document, long version) => new(
        $"d{document}", version, "", "", new Dictionary<string, string>(),
        [.. Enumerable.Range(0, ChunksOf(version)).Select(i => new IndexedChunk(
            $"d{document}-{version}-{i}", i, [], "text", 0, (int)version, TestVectors.Random(new Random(i), TestDocuments.Dimension)))]);
}
