
namespace RagPlatform.Search.Lexical;

/// <summary>
/// Text to terms: runs of letters and digits, folded (<see cref="TextFolding"/>), without stop words, stemmed.
/// What is written as one name is found whole and in parts: "AppHost.cs" gives apphost.cs, apphost, app, host, cs;
/// "--distributed" gives --distributed and distribut. Scripts written without spaces give overlapping pairs of characters.
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
        var index = 0;
        while (index < text.Length)
        {
            if (!WordScanner.StartsWord(text, index, out var width))
            {
                index += width;
                continue;
            }
            var name = WordScanner.NameAt(text, index);
            AddName(text[name], text[index..name.End], terms, occurrences);
            index = name.End.Value;
        }
    }

    /// <param name="words">The name without the punctuation before it.</param>
    private void AddName(ReadOnlySpan<char> name, ReadOnlySpan<char> words, TermCounts terms, int occurrences)
    {
        var wordEnd = WordScanner.EndOfWord(words, 0);
        if (wordEnd < name.Length)
        {
            Span<char> whole = stackalloc char[MaxTermCharacters];
            terms.Add(whole[..TextFolding.Fold(name, whole)], occurrences);
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
            AddWord(words[index..wordEnd], terms, occurrences);
            index = wordEnd;
        }
    }

    private void AddWord(ReadOnlySpan<char> word, TermCounts terms, int occurrences)
    {
        if (WordScanner.IsUnspacedScript(word[0]))
        {
            AddPairs(word, terms, occurrences);
            return;
        }
        AddFolded(word, terms, occurrences);
        for (var start = 0; start < word.Length;)
        {
            var end = WordScanner.EndOfHump(word, start);
            if (start == 0 && end == word.Length)
            {
                return;
            }

            AddFolded(word[start..end], terms, occurrences);
            start = end;
        }
    }

    private void AddFolded(ReadOnlySpan<char> word, TermCounts terms, int occurrences)
    {
        Span<char> term = stackalloc char[MaxTermCharacters];
        term = term[..TextFolding.Fold(word, term)];
        if (term.IsEmpty || options.StopWords.GetAlternateLookup<ReadOnlySpan<char>>().Contains(term))
        {
            return;
        }

        if (options.StemEnglish && !term.ContainsAnyExceptInRange('a', 'z'))
        {
            term = term[..PorterStemmer.Stem(term)];
        }

        terms.Add(term, occurrences);
    }

    private static void AddPairs(ReadOnlySpan<char> word, TermCounts terms, int occurrences)
    {
        Span<char> folded = stackalloc char[4];
        for (var i = 0; i < Math.Max(1, word.Length - 1); i++)
        {
            var pair = word.Slice(i, Math.Min(2, word.Length - i));
            terms.Add(folded[..TextFolding.Fold(pair, folded)], occurrences);
        }
    }
}
