using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Tests.Lexical;

public class LexicalQueryTests
{
    private static readonly string[] Texts =
    [
        "the quick brown fox jumps",
        "a quick fox, brown and running",
        "brown bread",
        "Open AppHost.cs in the editor",
        "C# and C++ are languages",
        "full text search: 検索エンジン",
        "he runs and they were running quickly",
        "well known programs",
        "state of the art retrieval",
        "algorithm",
    ];

    [Theory]
    [InlineData("\"quick brown fox\"", "0")]
    [InlineData("\"brown fox\" bread", "0")]
    [InlineData("+brown bread", "0 1 2")]
    [InlineData("+brown -fox", "2")]
    [InlineData("brown -\"quick brown\"", "1 2")]
    [InlineData("+\"quick fox\" +brown", "1")]
    [InlineData("bro*", "0 1 2")]
    [InlineData("+bro* -jum* quick", "1 2")]
    [InlineData("running*", "1 6")]
    [InlineData("+apphost.cs", "3")]
    [InlineData("\"app host\"", "")]
    [InlineData("\"apphost cs\"", "3")]
    [InlineData("+c#", "4")]
    [InlineData("+\"c++ are\"", "4")]
    [InlineData("+well-known", "7")]
    [InlineData("\"検索エン\"", "5")]
    [InlineData("\"検エン\"", "")]
    [InlineData("\"state of the art\"", "8")]
    [InlineData("\"state art\"", "")]
    [InlineData("+missing brown", "")]
    [InlineData("+the +brown", "0 1 2")]
    [InlineData("-brown", "")]
    [InlineData("the of", "")]
    [InlineData("\"brown", "0 1 2")]
    [InlineData("brown \"", "0 1 2")]
    [InlineData("+ brown", "0 1 2")]
    [InlineData("--brown", "0 1 2")]
    [InlineData("\"\" bread", "2")]
    [InlineData("b*", "")]
    [InlineData("* + - \" \"\" +\" -* *\"", "")]
    public void Parse_Operators_FindWhatTheyName(string query, string rows)
    {
        using var corpus = new LexicalCorpus(new AnalyzerOptions());
        corpus.Add(Texts[..4]);
        corpus.Add(Texts[4..]);

        string.Join(' ', corpus.Find(query)).ShouldBe(rows);
    }

    [Theory]
    [InlineData("\"quick brown fox\" -bread", "0 1 2")]
    [InlineData("+missing brown", "0 1 2")]
    public void Parse_Plain_ReadsOperatorsAsWords(string query, string rows)
    {
        using var corpus = new LexicalCorpus(new AnalyzerOptions());
        corpus.Add(Texts);

        string.Join(' ', corpus.Find(query, QuerySyntax.Plain)).ShouldBe(rows);
    }

    [Theory]
    [InlineData("retreival", "8")]
    [InlineData("languges", "4")]
    [InlineData("algoirtmh", "9")]
    [InlineData("xxgorithm", "9")]
    [InlineData("xxgorithx", "")]
    [InlineData("bronw", "0 1 2")]
    [InlineData("+bronw +bread", "2")]
    [InlineData("fix", "")]
    [InlineData("brxxn", "")]
    public void Parse_TypoTolerance_FindsTheNearest(string query, string rows)
    {
        using var corpus = new LexicalCorpus(new AnalyzerOptions());
        corpus.Add(Texts[..4]);
        corpus.Add(Texts[4..]);

        string.Join(' ', corpus.Find(query, typoTolerance: true)).ShouldBe(rows);
        corpus.Find(query, typoTolerance: false).ShouldBeEmpty();
    }

    [Fact]
    public void Parse_WordThatIsHeld_IsNotTakenForATypo()
    {
        using var corpus = new LexicalCorpus();
        corpus.Add("bread", "broad");

        corpus.Find("bread", typoTolerance: true).ShouldBe([0]);
        corpus.Find("bruad", typoTolerance: true).ShouldBe([0, 1]);
    }

    [Fact]
    public void Parse_ManyTerms_CountsWhatIsLeftOut()
    {
        var analyzer = new TextAnalyzer(new AnalyzerOptions());
        var text = string.Join(' ', Enumerable.Range(0, LexicalQuery.MaxTerms + 50).Select(i => $"w{i} w{i}"));

        LexicalQuery.Parse(text, analyzer).TermsLeftOut.ShouldBe(50);
        LexicalQuery.Parse("one two", analyzer).TermsLeftOut.ShouldBe(0);
    }

    [Fact]
    public void Parse_AnyText_NeverThrows()
    {
        var random = new Random(8);
        using var corpus = new LexicalCorpus(new AnalyzerOptions());
        corpus.Add(Texts);
        const string Alphabet = "aBc1 \"+-*.:#_é\u0301\uD83D\uDE00\uD800漢字'\t\u0000";
        for (var round = 0; round < 5_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 25)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

            corpus.Find(text, QuerySyntax.Operators, typoTolerance: true);
            corpus.Find(text, QuerySyntax.Plain, typoTolerance: true);
        }
    }
}
