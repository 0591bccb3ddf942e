using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Tests.Lexical;

public class InvertedIndexTests
{
    private static readonly TextAnalyzer Plain = new(new AnalyzerOptions { Language = AnalyzerLanguage.None, StopWords = StopWords.None });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Score_AfterRandomAddsAndRemoves_EqualsNaiveBm25(int seed)
    {
        var random = new Random(seed);
        var index = new InvertedIndex(Bm25.Default);
        var documents = new SortedDictionary<int, string>();
        for (var round = 0; round < 300; round++)
        {
            var id = random.Next(60);
            if (documents.Remove(id))
            {
                index.Remove([id]);
            }
            else
            {
                documents[id] = RandomText(random, maxWords: 30);
                index.Add(id, Terms(documents[id]));
            }
            if (round % 10 == 0)
            {
                ShouldEqualOracle(index, documents, RandomText(random, maxWords: 6));
            }
        }
        ShouldEqualOracle(index, documents, "a b c d e");
    }

    [Fact]
    public void Remove_Many_EqualsRebuild()
    {
        var random = new Random(11);
        var index = new InvertedIndex(Bm25.Default);
        var rebuilt = new InvertedIndex(Bm25.Default);
        var texts = Enumerable.Range(0, 200).Select(_ => RandomText(random, maxWords: 40)).ToArray();
        for (var id = 0; id < texts.Length; id++)
        {
            index.Add(id, Terms(texts[id]));
            if (id % 3 == 0)
            {
                rebuilt.Add(id, Terms(texts[id]));
            }
        }

        index.Remove(Enumerable.Range(0, texts.Length).Where(id => id % 3 != 0).ToArray());

        index.Count.ShouldBe(rebuilt.Count);
        index.TermCount.ShouldBe(rebuilt.TermCount);
        using var scores = index.Score(Terms("a b z"));
        using var expected = rebuilt.Score(Terms("a b z"));
        for (var id = 0; id < 199; id++)
        {
            scores[id].ShouldBe(expected[id]);
        }
    }

    [Fact]
    public void Remove_Everything_LeavesNothingBehind()
    {
        var index = new InvertedIndex(Bm25.Default);
        index.Add(0, Terms("a b"));
        index.Add(5, Terms("b c"));

        index.Remove([0, 5, 5, 99, -1]);

        index.Count.ShouldBe(0);
        index.TermCount.ShouldBe(0);
        using var scores = index.Score(Terms("a b c"));
        scores[5].ShouldBe(0);
    }

    [Fact]
    public void Add_IdInUse_IsRefused()
    {
        var index = new InvertedIndex(Bm25.Default);
        index.Add(0, Terms("a"));

        Should.Throw<ArgumentException>(() => index.Add(0, Terms("b")));
    }

    private static void ShouldEqualOracle(InvertedIndex index, SortedDictionary<int, string> documents, string query)
    {
        var expected = NaiveBm25.Score(documents, query);
        using var scores = index.Score(Terms(query));
        index.Count.ShouldBe(documents.Count);
        foreach (var id in documents.Keys)
        {
            ((double)scores[id]).ShouldBe(expected.GetValueOrDefault(id), 1e-4);
        }
    }

    private static string RandomText(Random random, int maxWords) =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, maxWords + 1)).Select(_ => (char)('a' + (int)(26 * Math.Pow(random.NextDouble(), 3)))));

    private static TermCounts Terms(string text)
    {
        var terms = new TermCounts();
        Plain.Analyze(text, terms);
        return terms;
    }
}
