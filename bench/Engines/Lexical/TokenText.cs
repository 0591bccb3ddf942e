using System.Text;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Bench.Engines.Lexical;

/// <summary>
/// Text as the platform's analyzer reads it, each term one word of a to z and 0 to 9, so that every engine, whatever its
/// own analysis, indexes and searches the very same terms.
/// </summary>
internal sealed class TokenText
{
    private const int TitleWeight = 3;

    private readonly TextAnalyzer _analyzer = new(new AnalyzerOptions());

    /// <summary>Each term as often as it counts, the title's threefold.</summary>
    public string OfChunk(string title, IReadOnlyList<string> headings, string text)
    {
        var terms = new TermCounts();
        _analyzer.Analyze(title, terms, TitleWeight);
        foreach (var heading in headings)
        {
            _analyzer.Analyze(heading, terms);
        }

        _analyzer.Analyze(text, terms);
        var tokens = new StringBuilder();
        foreach (var (term, count) in terms)
        {
            for (var i = 0; i < count; i++)
            {
                tokens.Append(Token(term)).Append(' ');
            }
        }

        return tokens.ToString();
    }

    /// <summary>6 to 10 words that follow one another in a text, stop words and what is no plain word left out; null where there are not so many.</summary>
    public string? Question(string text, Random random)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length > 1 && word.All(char.IsAsciiLetter))
            .Select(TermsOf)
            .Where(terms => terms.Length == 1)
            .Select(terms => terms[0])
            .ToArray();
        var count = random.Next(6, 11);
        var from = random.Next(Math.Max(1, words.Length - count + 1));
        return words.Length < count ? null : string.Join(' ', words.Skip(from).Take(count));
    }

    private string[] TermsOf(string word)
    {
        var terms = new TermCounts();
        _analyzer.Analyze(word, terms);
        var list = new List<string>();
        foreach (var (term, _) in terms)
        {
            list.Add(Token(term));
        }

        return [.. list];
    }

    private static string Token(string term) =>
        term.All(char.IsAsciiLetterOrDigit) ? term : $"zz{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(term))}";
}
