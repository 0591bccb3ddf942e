using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Tests.Lexical;

public class TextAnalyzerTests
{
    private static readonly TextAnalyzer Analyzer = new(new AnalyzerOptions());

    [Theory]
    [InlineData("The runners were running!", "runner run")]
    [InlineData("rag_up", "rag_up rag up")]
    [InlineData("AppHost.cs", "apphost.cs apphost app host cs")]
    [InlineData("run ./rag up --distributed now", "run rag up --distributed distribut now")]
    [InlineData("HTTPServer", "httpserver http server")]
    [InlineData("a .NET and C# or C++ program", ".net net c# c c++ program")]
    [InlineData("état naïve Ångström STRASSE straße", "etat naiv angstrom strass")]
    [InlineData("ﬁle ｆｕｌｌｗｉｄｔｈ", "file fullwidth")]
    [InlineData("std::vector v1.2.3", "std::vector std vector v1 2 3")]
    [InlineData("an X-ray and/or IL-6 of the U.S.A.", "x rai il 6 u.s.a u")]
    [InlineData("me@example.com a//b", "me@example.com exampl com a//b b")]
    [InlineData("検索エンジン", "検索 索エ エン ンジ ジン")]
    [InlineData("한국어 검색", "한국어 검색")]
    [InlineData("Grüße, мир — שלום", "gruss мир שלום")]
    [InlineData("end. Next -- aside - item", "end next asid item")]
    [InlineData("", "")]
    [InlineData("?! ...", "")]
    public void Analyze_Text_GivesTerms(string text, string expected) => Terms(text).ShouldBe(expected);

    [Theory]
    [InlineData("AppHost.cs", "open AppHost.cs, then run")]
    [InlineData("apphost.cs", "Open `AppHost.cs`.")]
    [InlineData("app host", "AppHost.cs")]
    [InlineData("--distributed", "Type `./rag up --distributed`:")]
    [InlineData("distributed", "./rag up --distributed")]
    [InlineData("GRPC_PORT", "(GRPC_PORT=5000)")]
    [InlineData("cafe", "Café")]
    [InlineData("検索", "全文検索です")]
    public void Analyze_QueryAndText_ShareAllTheQuerysTerms(string query, string text)
    {
        var inText = Terms(text).Split(' ');

        Terms(query).Split(' ').ShouldBeSubsetOf(inText);
    }

    [Theory]
    [InlineData("lone \uD800 surrogate \uDC00", "lone surrog")]
    [InlineData("x\uD800", "x")]
    [InlineData("nul\0l", "nul l")]
    public void Analyze_BrokenText_SkipsWhatIsBroken(string text, string expected) => Terms(text).ShouldBe(expected);

    [Fact]
    public void Analyze_EndlessRun_IsCutAlike()
    {
        var terms = new TermCounts();

        Analyzer.Analyze(new string('é', 10_000), terms);

        terms[new string('e', TextAnalyzer.MaxTermCharacters)].ShouldBe(1);
    }

    [Fact]
    public void Analyze_AnyCharacters_NeverThrowsAndNeverGivesEmptyTerms()
    {
        var random = new Random(7);
        const string Alphabet = "aB1._-/:@#+ é\u0301\uD83D\uDE00\uD800漢字ひ'`\t\u0000ß";
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 20)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            var terms = new TermCounts();

            Analyzer.Analyze(text, terms);

            foreach (var (term, count) in terms)
            {
                term.ShouldNotBeEmpty();
                term.Length.ShouldBeLessThanOrEqualTo(TextAnalyzer.MaxTermCharacters);
                count.ShouldBePositive();
            }
        }
    }

    [Fact]
    public void Analyze_OptionsOff_KeepsWordsAsTheyAre()
    {
        var terms = new TermCounts();

        new TextAnalyzer(new AnalyzerOptions { Language = AnalyzerLanguage.None, StopWords = StopWords.None }).Analyze("The Runners", terms);

        terms["the"].ShouldBe(1);
        terms["runners"].ShouldBe(1);
    }

    [Fact]
    public void Analyze_Weight_CountsThatOften()
    {
        var terms = new TermCounts();

        Analyzer.Analyze("title", terms, occurrences: 3);
        Analyzer.Analyze("title", terms);

        terms["titl"].ShouldBe(4);
        terms.Length.ShouldBe(4);
    }

    private static string Terms(string text)
    {
        var terms = new TermCounts();
        Analyzer.Analyze(text, terms);
        var list = new List<string>();
        foreach (var (term, _) in terms)
        {
            list.Add(term);
        }

        return string.Join(' ', list);
    }
}
