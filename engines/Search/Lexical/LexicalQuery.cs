namespace RagPlatform.Search.Lexical;

/// <summary>
/// What a text asks of BM25: the terms that score and the conditions that a row must meet. Any text can be read; what is
/// no operator is a word. A query of exclusions only, or of stop words only, finds nothing.
/// </summary>
public sealed class LexicalQuery
{
    /// <summary>Distinct terms that score. Further ones are left out and counted in <see cref="TermsLeftOut"/>.</summary>
    public const int MaxTerms = 256;

    /// <summary>Phrases, required and excluded words. Further ones only score, or do nothing if they exclude.</summary>
    public const int MaxConditions = 32;

    private readonly TextAnalyzer _analyzer;

    internal LexicalQuery(
        TextAnalyzer analyzer, IReadOnlyList<QueryTerm> terms, IReadOnlyList<QueryCondition> conditions, bool typoTolerance, int termsLeftOut)
    {
        _analyzer = analyzer;
        Terms = terms;
        Conditions = conditions;
        TypoTolerance = typoTolerance;
        TermsLeftOut = termsLeftOut;
    }

    /// <summary>No term scores; nothing will be found.</summary>
    public bool IsEmpty => Terms.Count == 0;

    /// <summary>Distinct terms beyond <see cref="MaxTerms"/>, from the end of the text.</summary>
    public int TermsLeftOut { get; }

    /// <summary>Words that no segment holds stand for the nearest that are held (<see cref="NearestTerms"/>).</summary>
    internal bool TypoTolerance { get; }

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<QueryTerm> Terms { get; }

    internal IReadOnlyList<QueryCondition> Conditions { get; }

    /// <summary>Reads a query.</summary>
    /// <param name="analyzer">The index's.</param>
    /// <param name="syntax">
    /// <see cref="QuerySyntax.Plain"/>: every word helps, none is required. <see cref="QuerySyntax.Operators"/>:
    /// "a phrase" must occur in one field, +word and +"a phrase" too; -word and -"a phrase" must not; begin* stands for
    /// words that begin so (<see cref="PrefixTerms"/>), and takes signs as well. Stop words in a phrase hold their place.
    /// A sign without a word, a quotation mark without its other, a prefix of fewer than two characters are read as if
    /// the sign were not there.
    /// </param>
    public static LexicalQuery Parse(string text, TextAnalyzer analyzer, QuerySyntax syntax = QuerySyntax.Plain, bool typoTolerance = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(analyzer);
        var parser = new QueryParser(analyzer);
        if (syntax == QuerySyntax.Operators)
        {
            parser.ReadOperators(text);
        }
        else
        {
            parser.ReadWords(text);
        }

        return parser.Build(typoTolerance);
    }

    /// <summary>As the index holds the prefix if it is a whole word; empty for a stop word.</summary>
    internal string StemOf(string prefix)
    {
        Span<char> buffer = stackalloc char[TextAnalyzer.MaxTermCharacters];
        return _analyzer.TermOf(prefix, buffer).ToString();
    }
}

/// <summary>A term that scores.</summary>
/// <param name="Term">As the index holds it; of a prefix, folded but not stemmed.</param>
/// <param name="Word">As the query has it.</param>
/// <param name="Weight">How often the query has it.</param>
/// <param name="MayBeMistyped">A whole word of letters.</param>
public sealed record QueryTerm(string Term, string Word, int Weight, bool IsPrefix, bool MayBeMistyped);

/// <summary>What a row must hold, or must not.</summary>
/// <param name="Terms">With more than one, a phrase: each at its distance from the first.</param>
internal sealed record QueryCondition(bool Excludes, IReadOnlyList<PhraseTerm> Terms, bool IsPrefix);

/// <param name="Offset">In positions from the phrase's first term.</param>
internal readonly record struct PhraseTerm(string Term, int Offset);
