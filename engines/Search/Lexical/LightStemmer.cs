namespace RagPlatform.Search.Lexical;

/// <summary>
/// The endings of number, gender and case, and no more, for languages whose derived words are better kept apart. For
/// folded words of the letters a to z: the accents are gone already. Source: J. Savoy, "Light stemming approaches for the
/// French, Portuguese, German and Hungarian languages", SAC 2006, and the author's stemmers at members.unine.ch/jacques.savoy.
/// </summary>
public static class LightStemmer
{
    private const string EndingsBeforeS = "bdfghklmnt";

    /// <summary>Häuser, Häusern → haus; größer → gross. Returns the stem's length.</summary>
    public static int German(ReadOnlySpan<char> word)
    {
        var stem = word[..RemoveGermanCase(word)];
        return RemoveGermanDegree(stem);
    }

    /// <summary>Chevaux → cheval, amies → ami. Returns the stem's length; the word may change before it.</summary>
    public static int French(Span<char> word)
    {
        if (word.Length < 6)
        {
            return word.Length;
        }

        if (word[^1] == 'x')
        {
            if (word[^3..].StartsWith("au"))
            {
                word[^2] = 'l';
            }

            return word.Length - 1;
        }

        var length = word.Length;
        foreach (var ending in "sree")
        {
            length -= word[length - 1] == ending ? 1 : 0;
        }

        return word[length - 1] == word[length - 2] ? length - 1 : length;
    }

    /// <summary>Luces → luz, casas → cas. Returns the stem's length; the word may change before it.</summary>
    public static int Spanish(Span<char> word)
    {
        if (word.Length < 5)
        {
            return word.Length;
        }

        if (word[^1] is 'o' or 'a' or 'e')
        {
            return word.Length - 1;
        }

        if (word.EndsWith("ces"))
        {
            word[^3] = 'z';
            return word.Length - 2;
        }

        return word[^1] == 's' && word[^2] is 'o' or 'a' or 'e' ? word.Length - 2 : word.Length;
    }

    private static int RemoveGermanCase(ReadOnlySpan<char> word)
    {
        if (word.Length > 5 && word.EndsWith("ern"))
        {
            return word.Length - 3;
        }

        if (word.Length > 4 && word[^2] == 'e' && word[^1] is 'm' or 'n' or 'r' or 's')
        {
            return word.Length - 2;
        }

        if (word.Length > 3 && (word[^1] == 'e' || (word[^1] == 's' && EndingsBeforeS.Contains(word[^2], StringComparison.Ordinal))))
        {
            return word.Length - 1;
        }

        return word.Length;
    }

    private static int RemoveGermanDegree(ReadOnlySpan<char> word)
    {
        if (word.Length > 5 && word.EndsWith("est"))
        {
            return word.Length - 3;
        }

        var removes = word.Length > 4
            && ((word[^2] == 'e' && word[^1] is 'r' or 'n') || (word.EndsWith("st") && EndingsBeforeS.Contains(word[^3], StringComparison.Ordinal)));
        return removes ? word.Length - 2 : word.Length;
    }
}
