using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Tests.Lexical;

public class BoundLexicalQueryTests
{
    /// <summary>So many that a few words of a small vocabulary have more postings than pruning begins at.</summary>
    private const int PrunedRows = 30_000;

    /// <summary>One window and many, no list worth pruning and all, one segment and several, all rows live and few.</summary>
    [Theory]
    [InlineData(1, 1, 1, 3, 1.0)]
    [InlineData(2, 300, 1, 10, 1.0)]
    [InlineData(3, 300, 7, 10, 0.5)]
    [InlineData(4, PrunedRows, 1, 1, 1.0)]
    [InlineData(5, PrunedRows, 1, 10, 1.0)]
    [InlineData(6, 9_000, 3, 200, 0.8)]
    [InlineData(7, PrunedRows, 1, 10, 0.02)]
    [InlineData(8, 9_000, 1, 5_000, 0.5)]
    public void Search_RandomCorpus_EqualsNaiveBm25(int seed, int rows, int segments, int count, double liveShare)
    {
        var random = new Random(seed);
        using var corpus = new LexicalCorpus { Bm25 = new Bm25(random.NextSingle() * 2, random.NextSingle()) };
        var (maxWords, vocabulary) = rows < PrunedRows ? (25, 400) : (8, 40);
        var texts = Enumerable.Range(0, rows).Select(_ => RandomTexts.Of(random, maxWords, vocabulary)).ToArray();
        foreach (var share in texts.Chunk((rows + segments - 1) / segments))
        {
            corpus.Add(share);
        }

        var live = KeepLive(corpus, random, liveShare);
        var documents = texts.Index().ToDictionary(text => text.Index, text => text.Item);

        for (var round = 0; round < 2; round++)
        {
            var text = $"w0 w1 w2 {RandomTexts.Of(random, 6, vocabulary)}";
            var expected = NaiveBm25.Score(documents, live, text, corpus.Bm25);
            var query = corpus.Bind(text);

            var hits = corpus.Search(query, count);

            hits.Length.ShouldBe(Math.Min(count, expected.Count));
            var ranked = expected.Values.OrderDescending().ToArray();
            for (var rank = 0; rank < hits.Length; rank++)
            {
                ((double)hits[rank].Score).ShouldBe(ranked[rank], ranked[rank] * 1e-4);
                ((double)hits[rank].Score).ShouldBe(expected[hits[rank].Row], ranked[rank] * 1e-4);
            }

            hits.Select(hit => hit.Row).ShouldBeUnique();
            ScoresAndExplanationsShouldAgree(corpus, query, hits);
        }
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(256)]
    [InlineData(257)]
    public void Search_ListsAtBlockBorders_HoldEveryRow(int rows)
    {
        using var corpus = new LexicalCorpus();
        corpus.Add([.. Enumerable.Range(0, rows).Select(row => $"all r{row} {(row == rows - 1 ? "last" : "other")}")]);

        corpus.Find("all").ShouldBe(Enumerable.Range(0, rows));
        corpus.Find("last").ShouldBe([rows - 1]);
        corpus.Find("\"all r127\"").ShouldBe(rows > 127 ? [127] : []);
        corpus.Bind("all").Score(0, rows - 1).ShouldBe(corpus.Bind("all").Score(0, 0));
    }

    [Fact]
    public void Search_RowsFarApartAndFrequenciesBeyondAByte_AreExact()
    {
        using var corpus = new LexicalCorpus();
        var texts = Enumerable.Repeat("x", 70_000).ToArray();
        texts[5] = string.Join(' ', Enumerable.Repeat("far", 300));
        texts[69_990] = string.Join(' ', Enumerable.Repeat("far", 70_000));
        corpus.Add(texts);

        var query = corpus.Bind("far");

        corpus.Search(query, 3).Select(hit => hit.Row).ShouldBe([5, 69_990], ignoreOrder: true);
        query.Explain(0, 69_990).Single().Frequency.ShouldBe(70_000);
        query.Explain(0, 5).Single().Frequency.ShouldBe(300);
    }

    [Fact]
    public void Search_SegmentsInAnyOrder_FindsTheSame()
    {
        var random = new Random(12);
        using var corpus = new LexicalCorpus();
        for (var segment = 0; segment < 4; segment++)
        {
            corpus.Add([.. Enumerable.Range(0, 3_000).Select(_ => RandomTexts.Of(random, 3, 40))]);
        }

        for (var round = 0; round < 20; round++)
        {
            var query = corpus.Bind(RandomTexts.Of(random, 4, 40));
            var backwards = new TopRows(25);
            for (var segment = 3; segment >= 0; segment--)
            {
                query.Search(segment, corpus.Live[segment], segment * 3_000, backwards);
            }

            backwards.TakeSorted().ShouldBe(corpus.Search(query, 25));
        }
    }

    [Fact]
    public void Search_NothingThere_FindsNothing()
    {
        using var corpus = new LexicalCorpus();
        corpus.Add();
        corpus.Add("", "?!");

        corpus.Find("word +other \"a phrase\" pre* -not").ShouldBeEmpty();
        corpus.Bind("word").IsEmpty.ShouldBeTrue();
        corpus.Bind("").Score(1, 0).ShouldBe(0);
        BoundLexicalQuery.Bind(LexicalQuery.Parse("word", new TextAnalyzer(new AnalyzerOptions())), [], Bm25.Default, 0, 0).IsEmpty.ShouldBeTrue();
    }

    private static HashSet<int> KeepLive(LexicalCorpus corpus, Random random, double share)
    {
        var live = new HashSet<int>();
        var firstRow = 0;
        foreach (var rows in corpus.Live)
        {
            for (var row = 0; row < rows.Length; row++)
            {
                if (random.NextDouble() < share)
                {
                    live.Add(firstRow + row);
                }
                else
                {
                    rows.Remove(row);
                }
            }

            firstRow += rows.Length;
        }

        return live;
    }

    private static void ScoresAndExplanationsShouldAgree(LexicalCorpus corpus, BoundLexicalQuery query, ScoredRow[] hits)
    {
        foreach (var hit in hits.Take(20))
        {
            var (segment, row) = (0, hit.Row);
            while (row >= corpus.Segments[segment].RowCount)
            {
                row -= corpus.Segments[segment++].RowCount;
            }

            query.Score(segment, row).ShouldBe(hit.Score, hit.Score * 1e-5f);
            query.Explain(segment, row).Sum(term => term.Contribution).ShouldBe(hit.Score, hit.Score * 1e-5f);
            query.Explain(segment, row).Select(term => term.Contribution).ShouldBeInOrder(SortDirection.Descending);
        }
    }
}
