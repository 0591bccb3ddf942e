using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using RagPlatform.TestKit;
using static RagPlatform.Retrieval.Tests.Storage.Conformance.IndexedDocuments;

namespace RagPlatform.Retrieval.Tests.Storage.Conformance;

public abstract partial class VectorStoreConformance
{
    [Fact]
    public async Task Replace_NewDocument_IsHeldWholeAndReadBackAsItWas()
    {
        var document = Create("doc", 7, 3, ("team", "search"), ("größe", "𝄞 \"quoted\""));

        await PutAsync(document);

        (await Store.FindVersionAsync(Index, "doc", default)).ShouldBe(7);
        (await ListAsync()).ShouldBe(new Dictionary<string, (long, int)> { ["doc"] = (7, 3) });
        (await FindAsync("common")).ShouldBe(["doc.7.0", "doc.7.1", "doc.7.2"]);
        ShouldBeSame((await Store.ReadDocumentAsync(Index, "doc", default))!, document);
    }

    [Fact]
    public async Task Replace_HigherVersion_LeavesNothingOfTheFormer()
    {
        await PutAsync(Create("doc", 1, 3), Create("other", 1, 1), Create("doc", 2, 1));

        (await FindAsync("common")).ShouldBe(["doc.2.0", "other.1.0"]);
        (await FindAsync("edition1")).ShouldBe(["other.1.0"]);
        (await ListAsync()).ShouldBe(new Dictionary<string, (long, int)> { ["doc"] = (2, 1), ["other"] = (1, 1) }, ignoreOrder: true);
        var description = await Store.DescribeAsync(Index, default);
        (description.Documents, description.Chunks).ShouldBe((2, 2));
        description.LostSegments.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Replace_LowerOrSameVersion_ChangesNothing(long version)
    {
        await PutAsync(Create("doc", 3, 2), Create("doc", version, 2));

        (await FindAsync("common")).ShouldBe(["doc.3.0", "doc.3.1"]);
        (await Store.FindVersionAsync(Index, "doc", default)).ShouldBe(3);
        (await Store.DescribeAsync(Index, default)).Chunks.ShouldBe(2);
    }

    [Fact]
    public async Task Replace_DocumentWithoutChunks_IsHeldAndFoundByNothing()
    {
        await PutAsync(Create("doc", 1, 2), Create("doc", 2, 0));

        (await FindAsync("common")).ShouldBeEmpty();
        (await ListAsync()).ShouldBe(new Dictionary<string, (long, int)> { ["doc"] = (2, 0) });
        ShouldBeSame((await Store.ReadDocumentAsync(Index, "doc", default))!, Create("doc", 2, 0));
    }

    [Fact]
    public async Task Replace_DocumentOfManyChunks_IsWhole()
    {
        await PutAsync(Create("doc", 1, 300), Create("doc", 2, 257));

        (await FindAsync("common")).Length.ShouldBe(257);
        var read = (await Store.ReadDocumentAsync(Index, "doc", default))!;
        read.Chunks.Select(chunk => chunk.Ordinal).ShouldBe(Enumerable.Range(0, 257));
    }

    [Fact]
    public async Task Remove_Document_LeavesNothingAndMayBeRepeated()
    {
        await PutAsync(Create("doc", 4), Create("other"));

        await Store.RemoveAsync(Index, "doc", default);
        await Store.RemoveAsync(Index, "doc", default);
        await Store.RemoveAsync(Index, "never there", default);

        (await FindAsync("common")).ShouldBe(["other.1.0", "other.1.1"]);
        (await Store.FindVersionAsync(Index, "doc", default)).ShouldBe(0);
        (await Store.ReadDocumentAsync(Index, "doc", default)).ShouldBeNull();
        (await ListAsync()).Keys.ShouldBe(["other"]);
        (await Store.DescribeAsync(Index, default)).Documents.ShouldBe(1);
    }

    [Fact]
    public async Task Remove_ThenReplaceWithTheSameVersion_HoldsItAgain()
    {
        await PutAsync(Create("doc", 4));
        await Store.RemoveAsync(Index, "doc", default);

        await PutAsync(Create("doc", 4));

        (await FindAsync("common")).ShouldBe(["doc.4.0", "doc.4.1"]);
    }

    [Fact]
    public async Task Documents_OfAwkwardNames_AreTheirOwn()
    {
        string[] names = ["a/b", "a\\b", "A/B", "ä", "a\u0308", "with space", "'; DROP TABLE documents; --", "../../etc", new string('x', 512)];
        await PutAsync([.. names.Select(name => Create(name, 1, 1))]);

        (await ListAsync()).Keys.ShouldBe(names, ignoreOrder: true);
        await Store.RemoveAsync(Index, "a/b", default);
        (await ListAsync()).Keys.ShouldBe(names[1..], ignoreOrder: true);
    }

    [Fact]
    public async Task Indexes_OfOtherGenerationsCollectionsAndTenants_AreApart()
    {
        IndexKey[] others = [Index with { Generation = 2 }, new(CollectionKey.Require("acme", "more"), 1), new(CollectionKey.Require("globex", "docs"), 1)];
        foreach (var other in others)
        {
            await Store.CreateAsync(other, Settings, default);
            await Store.CreateAsync(other, Settings, default);
        }

        await PutAsync(Create("doc"));
        await PutAsync(others[2], Create("theirs"));

        (await FindAsync("common", index: others[0])).ShouldBeEmpty();
        (await FindAsync("common", index: others[1])).ShouldBeEmpty();
        (await FindAsync("common", index: others[2])).ShouldBe(["theirs.1.0", "theirs.1.1"]);
        (await Store.ListAsync(default)).ShouldBe([Index, .. others], ignoreOrder: true);
    }

    [Fact]
    public async Task Drop_Index_LeavesTheOthersAndMayBeRepeated()
    {
        var other = Index with { Generation = 2 };
        await Store.CreateAsync(other, Settings, default);
        await PutAsync(Create("doc"));
        await PutAsync(other, Create("kept"));

        await Store.DropAsync(Index, default);
        await Store.DropAsync(Index, default);

        (await Store.ListAsync(default)).ShouldBe([other]);
        (await Should.ThrowAsync<ServiceException>(() => FindAsync("common"))).Kind.ShouldBe(FailureKind.Unavailable);
        (await FindAsync("common", index: other)).ShouldBe(["kept.1.0", "kept.1.1"]);

        await Store.CreateAsync(Index, Settings, default);
        (await FindAsync("common")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reopen_Anything_AnswersAsBefore()
    {
        await PutAsync([.. Enumerable.Range(0, 30).Select(i => Create($"doc{i}", 1, 3, ("parity", $"{i % 2}")))]);
        await PutAsync(Create("doc3", 2, 1), Create("doc4", 2, 0));
        await Store.RemoveAsync(Index, "doc5", default);
        var query = new SearchQuery { Text = "common edition2 part1", Vector = Vector(5), TopK = 20 };
        var (before, held) = (await SearchAsync(query), await ListAsync());

        await ReopenAsync();

        (await ListAsync()).ShouldBe(held, ignoreOrder: true);
        (await Store.ListAsync(default)).ShouldBe([Index]);
        var after = await SearchAsync(query);
        after.Hits.Select(hit => hit.Chunk.ChunkId).ShouldBe(before.Hits.Select(hit => hit.Chunk.ChunkId));
        // BM25 may count a term's chunks that a replaced version held until they are cleared away.
        foreach (var (now, then) in after.Hits.Zip(before.Hits))
        {
            now.Score.ShouldBe(then.Score, 0.01);
        }

        (await FindAsync("doc5")).ShouldNotContain("doc5.1.0");
    }

    [Fact]
    public async Task Replace_ManyDocumentsInParallel_HoldsThemAll()
    {
        const int Documents = 60;
        await Task.WhenAll(Enumerable.Range(0, Documents).Select(i => Task.Run(async () =>
        {
            await PutAsync(Create($"doc{i}", 1, 2), Create($"doc{i}", 2, 3));
            if (i % 3 == 0)
            {
                await Store.RemoveAsync(Index, $"doc{i}", default);
            }
        }))).WithTimeout("parallel writing");

        (await ListAsync()).ShouldBe(
            Enumerable.Range(0, Documents).Where(i => i % 3 != 0).ToDictionary(i => $"doc{i}", _ => (2L, 3)), ignoreOrder: true);
        (await FindAsync("common")).Length.ShouldBe(40 * 3);
    }

    [Fact]
    public async Task Search_WhileVersionsSwitch_SeesExactlyOneWholeVersion()
    {
        const int Versions = 40;
        await PutAsync(Create("doc", 1, 4), Create("other", 1, 2));
        var writing = Task.Run(async () =>
        {
            for (var version = 2; version <= Versions; version++)
            {
                await PutAsync(Create("doc", version, 4));
            }
        });
        var (last, reads) = (0L, 0);
        while (!writing.IsCompleted || reads < 40)
        {
            var fusion = (FusionMethod)(reads++ % 4);
            var result = await SearchAsync(new SearchQuery { Text = "common", Vector = Vector(1), TopK = 100, Fusion = fusion, Exact = true });
            var hits = result.Hits.Where(hit => hit.Document.DocumentId == "doc").ToList();
            hits.Select(hit => hit.Chunk.Ordinal).Order().ToArray().ShouldBe([0, 1, 2, 3], $"{fusion}, read {reads}");
            var version = hits.Select(hit => hit.Document.Version).Distinct().ShouldHaveSingleItem();
            version.ShouldBeGreaterThanOrEqualTo(last);
            last = version;
        }

        await writing.WithTimeout("writing");
        (await FindAsync("common")).ShouldBe([$"doc.{Versions}.0", $"doc.{Versions}.1", $"doc.{Versions}.2", $"doc.{Versions}.3", "other.1.0", "other.1.1"]);
    }

    private static void ShouldBeSame(IndexedDocument actual, IndexedDocument expected)
    {
        (actual.DocumentId, actual.Version, actual.Title, actual.Uri).ShouldBe((expected.DocumentId, expected.Version, expected.Title, expected.Uri));
        actual.Metadata.ShouldBe(expected.Metadata, ignoreOrder: true);
        actual.Chunks.Count.ShouldBe(expected.Chunks.Count);
        foreach (var (mine, theirs) in actual.Chunks.Zip(expected.Chunks))
        {
            (mine.ChunkId, mine.Ordinal, mine.Text, mine.StartOffset, mine.EndOffset).ShouldBe((theirs.ChunkId, theirs.Ordinal, theirs.Text, theirs.StartOffset, theirs.EndOffset));
            mine.HeadingPath.ShouldBe(theirs.HeadingPath);
            mine.Vector.ToArray().Zip(theirs.Vector.ToArray()).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
        }
    }
}
