namespace RagPlatform.Documents;

internal enum Script
{
    Latin,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    Kana,
    Han,
    Hangul,
    Other,
}

/// <summary>The scripts of letters (Unicode 16, by block).</summary>
internal static class Scripts
{
    /// <returns>The script of most letters, and their number.</returns>
    public static (Script Script, int Letters) Dominant(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[(int)Script.Other + 1];
        counts.Clear();
        foreach (var letter in text)
        {
            if (char.IsLetter(letter))
            {
                counts[(int)Of(letter)]++;
            }
        }

        // Japanese is written in both: it is told by its kana, of which Chinese has none.
        if (counts[(int)Script.Kana] * 10 > counts[(int)Script.Han])
        {
            counts[(int)Script.Kana] += counts[(int)Script.Han];
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        return ((Script)best, counts[best]);
    }

    /// <summary>Of a script that one language is mostly written in; empty for others.</summary>
    public static string Language(Script script, ReadOnlySpan<char> text) => script switch
    {
        Script.Greek => "el",
        Script.Hebrew => "he",
        // Letters that Persian has and Arabic has not.
        Script.Arabic => text.ContainsAny('پ', 'چ', 'گ') || text.Contains('ژ') ? "fa" : "ar",
        Script.Devanagari => "hi",
        Script.Thai => "th",
        Script.Kana => "ja",
        Script.Han => "zh",
        Script.Hangul => "ko",
        _ => "",
    };

    public static Script Of(char letter) => letter switch
    {
        < '\u0250' or >= '\u1E00' and <= '\u1EFF' => Script.Latin,
        >= '\u0370' and <= '\u03FF' or >= '\u1F00' and <= '\u1FFF' => Script.Greek,
        >= '\u0400' and <= '\u052F' => Script.Cyrillic,
        >= '\u0590' and <= '\u05FF' => Script.Hebrew,
        >= '\u0600' and <= '\u077F' or >= '\uFB50' and <= '\uFEFC' => Script.Arabic,
        >= '\u0900' and <= '\u097F' => Script.Devanagari,
        >= '\u0E00' and <= '\u0E7F' => Script.Thai,
        >= '\u3040' and <= '\u30FF' or >= '\uFF66' and <= '\uFF9F' => Script.Kana,
        >= '\u3400' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF' => Script.Han,
        >= '\uAC00' and <= '\uD7A3' or >= '\u1100' and <= '\u11FF' => Script.Hangul,
        _ => Script.Other,
    };
}
