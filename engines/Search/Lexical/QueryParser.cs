namespace RagPlatform.Search.Lexical;

/// <summary>Reads one query; see <see cref="LexicalQuery.Parse"/> for the language.</summary>
internal sealed class QueryParser(TextAnalyzer analyzer)
{
    private const int MinPrefixCharacters = 2;

    private readonly List<QueryTerm> _terms = [];
    private readonly Dictionary<(string Term, bool IsPrefix), int> _numbers = [];
    private readonly HashSet<(string Term, bool IsPrefix)> _leftOut = [];
    private readonly List<QueryCondition> _conditions = [];

    public LexicalQuery Build(bool typoTolerance) => new(analyzer, _terms, _conditions, typoTolerance, _leftOut.Count);

    public void ReadWords(ReadOnlySpan<char> text)
    {
        var sink = new ScoringSink(this);
        analyzer.Analyze(text, ref sink, position: 0);
    }

    public void ReadOperators(ReadOnlySpan<char> text)
    {
        while (!(text = text.TrimStart()).IsEmpty)
        {
            var sign = text.Length > 1 && text[0] is '+' or '-' && !char.IsWhiteSpace(text[1]) && text[1] is not ('+' or '-') ? text[0] : '\0';
            var rest = sign == '\0' ? text : text[1..];
            if (rest[0] == '"' && rest[1..].IndexOf('"') is var length and >= 0)
            {
                AddPhrase(rest.Slice(1, length), sign == '-');
                text = rest[(length + 2)..];
                continue;
            }

            var end = EndOfToken(rest);
            AddToken(rest[..end], sign);
            text = rest[end..];
        }
    }

    private static int EndOfToken(ReadOnlySpan<char> text)
    {
        var end = 1;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }

    private void AddToken(ReadOnlySpan<char> token, char sign)
    {
        if (token[^1] == '*' && IsPrefixable(token[..^1]))
        {
            AddPrefix(token[..^1], sign);
        }
        else if (sign == '\0')
        {
            ReadWords(token);
        }
        else
        {
            AddPhrase(token, sign == '-');
        }
    }

    private static bool IsPrefixable(ReadOnlySpan<char> text) =>
        text.Length >= MinPrefixCharacters && WordScanner.StartsWord(text, 0, out _) && !WordScanner.IsUnspacedScript(text[0])
        && WordScanner.EndOfWord(text, 0) == text.Length;

    private void AddPrefix(ReadOnlySpan<char> word, char sign)
    {
        Span<char> buffer = stackalloc char[TextAnalyzer.MaxTermCharacters];
        var prefix = buffer[..TextFolding.Fold(word, buffer)].ToString();
        if (sign != '-')
        {
            AddTerm(prefix, $"{word}*", isPrefix: true, mayBeMistyped: false);
        }

        if (sign != '\0')
        {
            AddCondition(new QueryCondition(sign == '-', [new PhraseTerm(prefix, 0)], IsPrefix: true));
        }
    }

    private void AddPhrase(ReadOnlySpan<char> text, bool excludes)
    {
        if (!excludes)
        {
            ReadWords(text);
        }

        var sink = new PhraseSink([]);
        analyzer.Analyze(text, ref sink, position: 0);
        if (sink.Terms.Count > 0)
        {
            var first = sink.Terms[0].Offset;
            AddCondition(new QueryCondition(excludes, sink.Terms.ConvertAll(term => term with { Offset = term.Offset - first }), IsPrefix: false));
        }
    }

    private void AddCondition(QueryCondition condition)
    {
        if (_conditions.Count < LexicalQuery.MaxConditions && condition.Terms.Count <= LexicalQuery.MaxTerms)
        {
            _conditions.Add(condition);
        }
    }

    private void AddTerm(string term, string word, bool isPrefix, bool mayBeMistyped)
    {
        if (_numbers.TryGetValue((term, isPrefix), out var number))
        {
            var known = _terms[number];
            _terms[number] = known with { Weight = known.Weight + 1, MayBeMistyped = known.MayBeMistyped || mayBeMistyped };
        }
        else if (_terms.Count < LexicalQuery.MaxTerms)
        {
            _numbers.Add((term, isPrefix), _terms.Count);
            _terms.Add(new QueryTerm(term, word, Weight: 1, isPrefix, mayBeMistyped));
        }
        else
        {
            _leftOut.Add((term, isPrefix));
        }
    }

    private readonly struct ScoringSink(QueryParser parser) : ITermSink
    {
        public void Add(ReadOnlySpan<char> term, ReadOnlySpan<char> source, int position, TermKind kind) =>
            parser.AddTerm(term.ToString(), source.ToString(), isPrefix: false, kind == TermKind.Word && IsOfLetters(term));

        private static bool IsOfLetters(ReadOnlySpan<char> term)
        {
            foreach (var character in term)
            {
                if (!char.IsLetter(character))
                {
                    return false;
                }
            }

            return !WordScanner.IsUnspacedScript(term[0]);
        }
    }

    /// <summary>One term a position: the word, with its punctuation where it has some. Names are the phrase of their words.</summary>
    private readonly struct PhraseSink(List<PhraseTerm> terms) : ITermSink
    {
        public List<PhraseTerm> Terms => terms;

        public void Add(ReadOnlySpan<char> term, ReadOnlySpan<char> source, int position, TermKind kind)
        {
            if (kind is TermKind.Symbol || (kind is TermKind.Word && (terms.Count == 0 || terms[^1].Offset != position)))
            {
                terms.Add(new PhraseTerm(term.ToString(), position));
            }
        }
    }
}
