using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Tests.Lexical;

public class LightStemmerTests
{
    [Theory]
    [InlineData(AnalyzerLanguage.German, "Häuser Häusern Haus Hauses", "haus")]
    [InlineData(AnalyzerLanguage.German, "Kind Kinder Kindern Kindes", "kind")]
    [InlineData(AnalyzerLanguage.German, "schnell schneller schnellste schnellen", "schnell")]
    [InlineData(AnalyzerLanguage.German, "groß größer großes Großen", "gross")]
    [InlineData(AnalyzerLanguage.French, "cheval chevaux", "cheval")]
    [InlineData(AnalyzerLanguage.French, "fermier fermiers", "fermi")]
    [InlineData(AnalyzerLanguage.French, "continuels continuelle continuel", "continuel")]
    [InlineData(AnalyzerLanguage.Spanish, "jóvenes joven", "joven")]
    [InlineData(AnalyzerLanguage.Spanish, "felices feliz", "feliz")]
    [InlineData(AnalyzerLanguage.Spanish, "perros perro perra perras", "perr")]
    [InlineData(AnalyzerLanguage.None, "running", "running")]
    public void Analyze_FormsOfAWord_AreOneTerm(AnalyzerLanguage language, string forms, string stem)
    {
        var terms = new TermCounts();

        new TextAnalyzer(AnalyzerOptions.For(language)).Analyze(forms, terms);

        terms[stem].ShouldBe(forms.Split(' ').Length, $"terms of {forms}");
        terms.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(AnalyzerLanguage.English, "What is the pump for?", "pump")]
    [InlineData(AnalyzerLanguage.German, "Wofür ist die Pumpe über dem Kessel?", "wofur pump kessel")]
    [InlineData(AnalyzerLanguage.French, "Où est l'été de la pompe", "pompe")]
    [InlineData(AnalyzerLanguage.Spanish, "¿Qué es la bomba también?", "bomb")]
    public void Analyze_StopWords_AreLeftOut(AnalyzerLanguage language, string text, string expected)
    {
        var terms = new TermCounts();

        new TextAnalyzer(AnalyzerOptions.For(language)).Analyze(text, terms);

        var list = new List<string>();
        foreach (var (term, _) in terms)
        {
            list.Add(term);
        }

        string.Join(' ', list).ShouldBe(expected);
    }

    [Theory]
    [InlineData(AnalyzerLanguage.German)]
    [InlineData(AnalyzerLanguage.French)]
    [InlineData(AnalyzerLanguage.Spanish)]
    public void Analyze_AnyLetters_LeavesAStem(AnalyzerLanguage language)
    {
        var random = new Random((int)language);
        var analyzer = new TextAnalyzer(new AnalyzerOptions { Language = language, StopWords = StopWords.None });
        for (var round = 0; round < 20_000; round++)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => "aeouxsrntmczd"[random.Next(13)]));
            var terms = new TermCounts();

            analyzer.Analyze(word, terms);

            terms.Length.ShouldBe(1, word);
        }
    }

    [Fact]
    public void StopWords_OfEveryLanguage_AreFolded()
    {
        Span<char> folded = stackalloc char[TextAnalyzer.MaxTermCharacters];
        foreach (var word in Enum.GetValues<AnalyzerLanguage>().SelectMany(language => StopWords.Of(language)))
        {
            folded[..TextFolding.Fold(word, folded)].ToString().ShouldBe(word);
        }
    }
}
