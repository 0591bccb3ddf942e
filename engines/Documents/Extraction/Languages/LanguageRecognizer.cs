namespace RagPlatform.Documents;

/// <summary>
/// Recognises the language of a text: by its script where that tells, else by the share of each language's commonest words, as
/// people do at a glance. Says nothing where it is not sure: too little text, a list of names, source code.
/// </summary>
internal static class LanguageRecognizer
{
    private const int SampledCharacters = 16 * 1024;
    private const int MinLetters = 20;
    private const int MinHits = 4;
    private const int MinDistinctHits = 3;
    private const double MinShare = 0.1;
    private const double MinLead = 1.15;

    /// <returns>BCP 47 primary tag; empty when it cannot be told.</returns>
    public static string Recognize(ReadOnlySpan<char> text)
    {
        var sample = text[..Math.Min(text.Length, SampledCharacters)];
        var (script, letters) = Scripts.Dominant(sample);
        if (letters < MinLetters)
        {
            return "";
        }

        if (script is not (Script.Latin or Script.Cyrillic))
        {
            return Scripts.Language(script, sample);
        }

        var scores = Score(sample);
        var best = scores[0];
        return best.Hits >= MinHits && best.DistinctHits >= MinDistinctHits && best.Share >= MinShare && best.Share > MinLead * scores[1].Share ? best.Profile.Code : "";
    }

    /// <summary>Every language's share of the words, less what letters that it does not have make doubtful; the likeliest first.</summary>
    public static LanguageScore[] Score(ReadOnlySpan<char> text)
    {
        var hits = new int[LanguageProfile.All.Count];
        var distinct = new int[hits.Length];
        var foreign = new int[hits.Length];
        var seen = new bool[CommonWords.Count];
        Span<char> word = stackalloc char[CommonWords.MaxCharacters];
        var words = 0;
        var special = 0;
        for (var start = 0; start < text.Length;)
        {
            if (!char.IsLetter(text[start]))
            {
                start++;
                continue;
            }

            var end = start + 1;
            while (end < text.Length && char.IsLetter(text[end]))
            {
                end++;
            }

            if ((start == 0 || !IsPartOfAName(text[start - 1])) && (end == text.Length || !IsPartOfAName(text[end])))
            {
                words++;
                special += CountForeign(text[start..end], foreign);
                if (CommonWords.Find(text[start..end], word) is { } common)
                {
                    Count(common, hits, distinct, seen);
                }
            }

            start = end;
        }

        return [.. LanguageProfile.All
            .Select((profile, i) => new LanguageScore(profile, hits[i], distinct[i], words == 0 ? 0 : hits[i] / (double)words * (special == 0 ? 1 : 1 - (0.5 * foreign[i] / special))))
            .OrderByDescending(score => score.Share)];
    }

    private static void Count(CommonWord common, int[] hits, int[] distinct, bool[] seen)
    {
        for (var i = 0; i < hits.Length; i++)
        {
            if ((common.Languages & (1L << i)) != 0)
            {
                hits[i]++;
                distinct[i] += seen[common.Index] ? 0 : 1;
            }
        }

        seen[common.Index] = true;
    }

    /// <summary>Counts for each language the letters that it does not have.</summary>
    /// <returns>Letters beyond ASCII.</returns>
    private static int CountForeign(ReadOnlySpan<char> word, int[] foreign)
    {
        if (System.Text.Ascii.IsValid(word))
        {
            return 0;
        }

        var special = 0;
        foreach (var letter in word)
        {
            if (letter > '\u007F')
            {
                special++;
                var lower = char.ToLowerInvariant(letter);
                for (var i = 0; i < foreign.Length; i++)
                {
                    foreign[i] += LanguageProfile.All[i].Letters.Contains(lower, StringComparison.Ordinal) ? 0 : 1;
                }
            }
        }

        return special;
    }

    /// <summary>What stands beside it is no word: "da" of "da0b2006", "key" of "key_1".</summary>
    private static bool IsPartOfAName(char character) => character == '_' || char.IsDigit(character);
}

/// <param name="Hits">Words of the text that are among the language's commonest.</param>
/// <param name="DistinctHits">Different ones of them.</param>
/// <param name="Share">0 to 1.</param>
internal readonly record struct LanguageScore(LanguageProfile Profile, int Hits, int DistinctHits, double Share);
