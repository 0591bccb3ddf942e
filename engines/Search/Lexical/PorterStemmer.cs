namespace RagPlatform.Search.Lexical;

/// <summary>
/// Suffix stripping for English: "connections", "connected" and "connecting" become "connect".
/// Source: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the author's two later
/// changes (bli → ble, logi → log) as published at tartarus.org.
/// </summary>
public static class PorterStemmer
{
    private static readonly (string Suffix, string Replacement)[] DerivationalSuffixes =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
        ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
        ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"),
        ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
    ];

    private static readonly (string Suffix, string Replacement)[] AdjectivalSuffixes =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] ResidualSuffixes =
    [
        "ement", "ment", "ance", "ence", "able", "ible", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
        "al", "er", "ic", "ou",
    ];

    /// <summary>Stems in place a word of the letters a to z only; returns the stem's length, never more than the word's.</summary>
    public static int Stem(Span<char> word)
    {
        if (word.Length <= 2)
        {
            return word.Length;
        }

        var length = RemovePlural(word, word.Length);
        length = RemovePastOrProgressive(word, length);
        if (word[length - 1] == 'y' && HasVowel(word, length - 1))
        {
            word[length - 1] = 'i';
        }

        length = ReplaceFirst(word, length, DerivationalSuffixes);
        length = ReplaceFirst(word, length, AdjectivalSuffixes);
        length = RemoveResidual(word, length);
        return Tidy(word, length);
    }

    private static int RemovePlural(Span<char> word, int length)
    {
        if (word[length - 1] != 's')
        {
            return length;
        }

        if (EndsWith(word, length, "sses") || EndsWith(word, length, "ies"))
        {
            return length - 2;
        }

        return word[length - 2] == 's' ? length : length - 1;
    }

    private static int RemovePastOrProgressive(Span<char> word, int length)
    {
        if (EndsWith(word, length, "eed"))
        {
            return Measure(word, length - 3) > 0 ? length - 1 : length;
        }

        int stem;
        if (EndsWith(word, length, "ed") && HasVowel(word, length - 2))
        {
            stem = length - 2;
        }
        else if (EndsWith(word, length, "ing") && HasVowel(word, length - 3))
        {
            stem = length - 3;
        }
        else
        {
            return length;
        }

        var addE = EndsWith(word, stem, "at") || EndsWith(word, stem, "bl") || EndsWith(word, stem, "iz");
        if (!addE && EndsInDoubleConsonant(word, stem))
        {
            return word[stem - 1] is 'l' or 's' or 'z' ? stem : stem - 1;
        }

        if (addE || (Measure(word, stem) == 1 && EndsInConsonantVowelConsonant(word, stem)))
        {
            word[stem++] = 'e';
        }

        return stem;
    }

    private static int ReplaceFirst(Span<char> word, int length, (string Suffix, string Replacement)[] rules)
    {
        foreach (var (suffix, replacement) in rules)
        {
            if (!EndsWith(word, length, suffix))
            {
                continue;
            }

            var stem = length - suffix.Length;
            if (Measure(word, stem) == 0)
            {
                return length;
            }

            replacement.CopyTo(word[stem..]);
            return stem + replacement.Length;
        }
        return length;
    }

    private static int RemoveResidual(Span<char> word, int length)
    {
        foreach (var suffix in ResidualSuffixes)
        {
            if (!EndsWith(word, length, suffix))
            {
                continue;
            }

            var stem = length - suffix.Length;
            var allowed = suffix != "ion" || (stem > 0 && word[stem - 1] is 's' or 't');
            return allowed && Measure(word, stem) > 1 ? stem : length;
        }
        return length;
    }

    private static int Tidy(Span<char> word, int length)
    {
        if (word[length - 1] == 'e')
        {
            var measure = Measure(word, length - 1);
            if (measure > 1 || (measure == 1 && !EndsInConsonantVowelConsonant(word, length - 1)))
            {
                length--;
            }
        }
        if (word[length - 1] == 'l' && EndsInDoubleConsonant(word, length) && Measure(word, length - 1) > 1)
        {
            length--;
        }

        return length;
    }

    private static bool EndsWith(ReadOnlySpan<char> word, int length, string suffix) =>
        length > suffix.Length && word[..length].EndsWith(suffix, StringComparison.Ordinal);

    private static bool IsConsonant(ReadOnlySpan<char> word, int index) => word[index] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => index == 0 || !IsConsonant(word, index - 1),
        _ => true,
    };

    /// <summary>The m of the paper: how often a run of vowels is followed by a run of consonants.</summary>
    private static int Measure(ReadOnlySpan<char> word, int length)
    {
        var measure = 0;
        var afterVowel = false;
        for (var i = 0; i < length; i++)
        {
            var consonant = IsConsonant(word, i);
            if (consonant && afterVowel)
            {
                measure++;
            }

            afterVowel = !consonant;
        }
        return measure;
    }

    private static bool HasVowel(ReadOnlySpan<char> word, int length)
    {
        for (var i = 0; i < length; i++)
        {
            if (!IsConsonant(word, i))
            {
                return true;
            }
        }
        return false;
    }

    private static bool EndsInDoubleConsonant(ReadOnlySpan<char> word, int length) =>
        length >= 2 && word[length - 1] == word[length - 2] && IsConsonant(word, length - 1);

    private static bool EndsInConsonantVowelConsonant(ReadOnlySpan<char> word, int length) =>
        length >= 3 && IsConsonant(word, length - 3) && !IsConsonant(word, length - 2) && IsConsonant(word, length - 1)
        && word[length - 1] is not ('w' or 'x' or 'y');
}
