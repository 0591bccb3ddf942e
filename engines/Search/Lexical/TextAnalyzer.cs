namespace RagPlatform.Search.Lexical;

/// <summary>
/// Text to terms: runs of letters and digits, folded (<see cref="TextFolding"/>), without stop words, stemmed.
/// What is written as one name of code is found whole and in parts: "AppHost.cs" gives apphost.cs, apphost, app, host, cs;
/// "--distributed" gives --distributed and distribut. So is an acronym: "U.S." gives u.s and u. Other words that punctuation
/// joins ("x-ray", "and/or", "3.14") are found by their parts alone: the whole would count them twice, and rankings lose by
/// it (bench/Quality, retrieval-settings). Scripts written without spaces give overlapping pairs of characters.
/// Safe for concurrent use.
/// </summary>
public sealed class TextAnalyzer(AnalyzerOptions options)
{
    /// <summary>Terms are cut here, in chunks and queries alike: longer runs are encodings, not words.</summary>
    public const int MaxTermCharacters = 64;

    /// <param name="occurrences">What one appearance counts for: the field's weight, at least 1.</param>
    public void Analyze(ReadOnlySpan<char> text, TermCounts terms, int occurrences = 1)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfLessThan(occurrences, 1);
        var sink = new CountingSink(terms, occurrences);
        Analyze(text, ref sink, position: 0);
    }

    /// <param name="position">Of the first word.</param>
    /// <returns>The position after the last word; stop words have one too.</returns>
    internal int Analyze<TSink>(ReadOnlySpan<char> text, ref TSink sink, int position)
        where TSink : ITermSink
    {
        var index = 0;
        while (index < text.Length)
        {
            if (!WordScanner.StartsWord(text, index, out var width))
            {
                index += width;
                continue;
            }

            var name = WordScanner.NameAt(text, index);
            position = AddName(text[name], text[index..name.End], ref sink, position);
            index = name.End.Value;
        }

        return position;
    }

    /// <summary>As the index holds a word that nothing else of the text is joined to; empty for a stop word.</summary>
    internal ReadOnlySpan<char> TermOf(ReadOnlySpan<char> word, Span<char> buffer)
    {
        var term = buffer[..TextFolding.Fold(word, buffer)];
        if (term.IsEmpty || options.StopWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(term))
        {
            return [];
        }

        return term.ContainsAnyExceptInRange('a', 'z') ? term : term[..LengthOfStem(term)];
    }

    private int LengthOfStem(Span<char> word) => options.Language switch
    {
        AnalyzerLanguage.English => PorterStemmer.Stem(word),
        AnalyzerLanguage.German => LightStemmer.German(word),
        AnalyzerLanguage.French => LightStemmer.French(word),
        AnalyzerLanguage.Spanish => LightStemmer.Spanish(word),
        _ => word.Length,
    };

    /// <param name="words">The name without the punctuation before it.</param>
    private int AddName<TSink>(ReadOnlySpan<char> name, ReadOnlySpan<char> words, ref TSink sink, int position)
        where TSink : ITermSink
    {
        var wordEnd = WordScanner.EndOfWord(words, 0);
        var isSymbol = !WordScanner.HasWord(words[wordEnd..]);
        if (wordEnd < name.Length && (isSymbol || WordScanner.LooksLikeCode(words) || WordScanner.IsAcronym(name)))
        {
            Span<char> whole = stackalloc char[MaxTermCharacters];
            sink.Add(whole[..TextFolding.Fold(name, whole)], name, position, isSymbol ? TermKind.Symbol : TermKind.Name);
        }

        var index = 0;
        while (index < words.Length)
        {
            if (!WordScanner.StartsWord(words, index, out var width))
            {
                index += width;
                continue;
            }

            wordEnd = WordScanner.EndOfWord(words, index);
            position = AddWord(words[index..wordEnd], ref sink, position);
            index = wordEnd;
        }

        return position;
    }

    private int AddWord<TSink>(ReadOnlySpan<char> word, ref TSink sink, int position)
        where TSink : ITermSink
    {
        if (WordScanner.IsUnspacedScript(word[0]))
        {
            return AddPairs(word, ref sink, position);
        }

        AddFolded(word, ref sink, position, TermKind.Word);
        for (var start = 0; start < word.Length;)
        {
            var end = WordScanner.EndOfHump(word, start);
            if (start == 0 && end == word.Length)
            {
                break;
            }

            AddFolded(word[start..end], ref sink, position, TermKind.Part);
            start = end;
        }

        return position + 1;
    }

    private void AddFolded<TSink>(ReadOnlySpan<char> word, ref TSink sink, int position, TermKind kind)
        where TSink : ITermSink
    {
        Span<char> buffer = stackalloc char[MaxTermCharacters];
        var term = TermOf(word, buffer);
        if (!term.IsEmpty)
        {
            sink.Add(term, word, position, kind);
        }
    }

    private static int AddPairs<TSink>(ReadOnlySpan<char> word, ref TSink sink, int position)
        where TSink : ITermSink
    {
        Span<char> folded = stackalloc char[4];
        for (var i = 0; i < Math.Max(1, word.Length - 1); i++)
        {
            var pair = word.Slice(i, Math.Min(2, word.Length - i));
            sink.Add(folded[..TextFolding.Fold(pair, folded)], pair, position++, TermKind.Word);
        }

        return position;
    }

    private readonly struct CountingSink(TermCounts terms, int occurrences) : ITermSink
    {
        public void Add(ReadOnlySpan<char> term, ReadOnlySpan<char> source, int position, TermKind kind) => terms.Add(term, occurrences);
    }
}
