using RagPlatform.Search.InMemory;
namespace RagPlatform.Search.Tests;

public class CollectionIndexTests
{
    private const int Dimension = 8;
    private static readonly string[] Vocabulary = [.. Enumerable.Range(0, 60).Select(i => $"word{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Search_AfterRandomReplacesAndRemoves_EqualsRebuild(int seed)
    {
        var random = new Random(seed);
        using var index = Create();
        var state = new Dictionary<string, List<IndexEntry<string>>>();
        for (var round = 0; round < 400; round++)
        {
            var document = $"d{random.Next(40)}";
            if (random.Next(3) == 0)
            {
                state.Remove(document);
                index.Remove(document);
            }
            else
            {
                state[document] = RandomDocument(random, document, version: round);
                index.Replace(document, state[document]);
            }
        }
        using var rebuilt = Create();
        foreach (var (document, chunks) in state)
        {
            rebuilt.Replace(document, chunks);
        }

        index.Size.ShouldBe(new IndexSize(state.Count, state.Values.Sum(chunks => chunks.Count)));
        for (var i = 0; i < 50; i++)
        {
            var query = new InMemoryQuery(RandomText(random, 5), TestVectors.Random(random, Dimension), TopK: 10, random.Next(5) / 4.0);
            index.Search(query).Hits.ShouldBe(rebuilt.Search(query).Hits);
        }
    }

    [Fact]
    public async Task Search_WhileDocumentsAreReplaced_SeesExactlyOneVersionOfEach()
    {
        const int Documents = 5;
        const int ChunksPerDocument = 4;
        using var index = Create();
        for (var document = 0; document < Documents; document++)
        {
            index.Replace($"d{document}", Versioned(document, version: 0, ChunksPerDocument));
        }

        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var reads = new int[2];
        var readers = Enumerable.Range(0, reads.Length).Select(reader => Task.Run(() =>
        {
            for (; reads[reader] < 1000; Interlocked.Increment(ref reads[reader]))
            {
                cancellation.Token.ThrowIfCancellationRequested();
                var hits = index.Search(new InMemoryQuery("common", Unit(0), TopK: 100, VectorWeight: 0.5)).Hits;
                hits.Count.ShouldBe(Documents * ChunksPerDocument);
                foreach (var document in hits.GroupBy(hit => hit.Payload.Split(':')[0], StringComparer.Ordinal))
                {
                    document.Select(hit => hit.Payload).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
                }
            }
        })).ToArray();
        var reading = Task.WhenAll(readers);

        var version = 0;
        while (!reading.IsCompleted)
        {
            version++;
            index.Replace($"d{version % Documents}", Versioned(version % Documents, version, ChunksPerDocument));
        }

        await reading;
        version.ShouldBeGreaterThan(Documents);
    }

    [Fact]
    public void Search_EqualScores_OrdersByChunkId()
    {
        using var index = Create();
        foreach (var id in new[] { "c", "a", "b" })
        {
            index.Replace(id, [new IndexEntry<string>(id, "", [], "same", Unit(0), id)]);
        }

        var hits = index.Search(new InMemoryQuery("same", Unit(0), TopK: 2, VectorWeight: 0.5)).Hits;

        hits.Select(hit => hit.ChunkId).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Search_LexicalOnly_NeedsNoVectorAndFindsOnlyMatches()
    {
        using var index = Create();
        index.Replace("d", [new IndexEntry<string>("1", "", [], "apples", Unit(0), "1"), new IndexEntry<string>("2", "", [], "pears", Unit(1), "2")]);

        var hits = index.Search(new InMemoryQuery("apple", default, TopK: 10, VectorWeight: 0)).Hits;

        hits.ShouldHaveSingleItem().ChunkId.ShouldBe("1");
        hits[0].VectorScore.ShouldBe(0);
    }

    [Fact]
    public void Search_TitleAndHeadings_AreSearchedWithTheText()
    {
        using var index = Create();
        index.Replace("d", [new IndexEntry<string>("1", "Handbook", ["Installation", "Linux"], "type the command", Unit(0), "1")]);

        foreach (var word in new[] { "handbook", "installing", "linux", "commands" })
        {
            index.Search(new InMemoryQuery(word, default, TopK: 1, VectorWeight: 0)).Hits.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void Replace_WrongDimension_IsRefusedAndChangesNothing()
    {
        using var index = Create();
        index.Replace("d", [new IndexEntry<string>("1", "", [], "old", Unit(0), "old")]);

        Should.Throw<ArgumentException>(() => index.Replace("d", [new IndexEntry<string>("2", "", [], "new", new float[3], "new")]));

        index.Search(new InMemoryQuery("old", default, TopK: 1, VectorWeight: 0)).Hits.ShouldHaveSingleItem();
    }

    [Fact]
    public void Search_EmptyIndexOrEmptyQuery_FindsNothing()
    {
        using var index = Create();
        index.Search(new InMemoryQuery("word", Unit(0), TopK: 3, VectorWeight: 0.5)).Hits.ShouldBeEmpty();
        index.Replace("d", []);

        index.Search(new InMemoryQuery("", default, TopK: 3, VectorWeight: 0)).Hits.ShouldBeEmpty();
        index.Size.ShouldBe(new IndexSize(1, 0));
    }

    private static CollectionIndex<string> Create() => new(new InMemoryOptions { Dimension = Dimension }, TimeProvider.System);

    private static List<IndexEntry<string>> Versioned(int document, int version, int chunks) =>
        [.. Enumerable.Range(0, chunks).Select(i => new IndexEntry<string>($"{document}-{version}-{i}", "", [], $"common v{version}", Unit(i), $"d{document}:{version}"))];

    private static List<IndexEntry<string>> RandomDocument(Random random, string document, int version) =>
        [.. Enumerable.Range(0, random.Next(0, 5)).Select(i => new IndexEntry<string>(
            $"{document}-{version}-{i}", RandomText(random, 3), [RandomText(random, 2)], RandomText(random, 20), TestVectors.Random(random, Dimension), document))];

    private static string RandomText(Random random, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(_ => Vocabulary[random.Next(Vocabulary.Length)]));

    private static float[] Unit(int axis)
    {
        var vector = new float[Dimension];
        vector[axis % Dimension] = 1;
        return vector;
    }
}
