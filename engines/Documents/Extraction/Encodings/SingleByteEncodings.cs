namespace RagPlatform.Documents;

/// <summary>
/// Tells the single-byte encodings apart by reading the content in each: the right one gives words of a language, and only
/// letters which that language has.
/// </summary>
internal static class SingleByteEncodings
{
    private const double MinPlausibility = 0.7;

    /// <summary>Signs that every language may use, beside letters.</summary>
    private const string Signs = "«»„“”‚‘’‹›–—…•€£¥§°©®™·¿¡ªº¹²³¼½¾×÷±µ¶†‡№\u00A0\u00AD";

    /// <summary>The likeliest first: what several read alike is taken for the first.</summary>
    private static readonly string[] Names =
        ["windows-1252", "windows-1251", "windows-1250", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1258", "koi8-r", "iso-8859-2", "iso-8859-5", "iso-8859-7", "windows-874"];

    /// <returns>Null when none gives a text.</returns>
    public static DetectedEncoding? Guess(ReadOnlySpan<byte> content)
    {
        DetectedEncoding? best = null;
        var bestScore = 0.0;
        foreach (var name in Names)
        {
            if (NamedEncodings.Find(name) is not { } encoding || !TextDecoder.IsValid(content, encoding.Encoding))
            {
                continue;
            }

            var text = encoding.Encoding.GetString(content);
            var language = LanguageRecognizer.Score(text)[0];
            var plausibility = Plausibility(text, out var letters);
            var score = plausibility + Fit(letters, language);
            if (plausibility >= MinPlausibility && score > bestScore + 1e-9)
            {
                best = encoding;
                bestScore = score;
            }
        }

        return best;
    }

    /// <summary>How well the letters beyond ASCII fit the language that the words speak.</summary>
    private static double Fit(string letters, LanguageScore language) =>
        letters.Length == 0 ? 0 : language.Share + (letters.Count(letter => language.Profile.Letters.Contains(letter)) / (double)letters.Length * Math.Min(1, language.Hits));

    /// <summary>Share of what is not ASCII that stands as letters stand in words of one script, or is a common sign.</summary>
    private static double Plausibility(string text, out string letters)
    {
        var (all, plausible) = (0, 0);
        var found = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character is < ' ' and not ('\t' or '\n' or '\r' or '\f' or '\u001B') or '\u007F')
            {
                letters = "";
                return 0;
            }

            if (character < '\u0080')
            {
                continue;
            }

            all++;
            if (char.IsLetter(character))
            {
                found.Append(char.ToLowerInvariant(character));
            }

            plausible += Signs.Contains(character) || (char.IsLetter(character) ? IsKnown(character) && StandsInAWord(text, i) : IsMark(text, i)) ? 1 : 0;
        }

        letters = found.ToString();
        return all == 0 ? 0 : plausible / (double)all;
    }

    /// <summary>On a letter of its script.</summary>
    private static bool IsMark(string text, int index) =>
        Scripts.Of(text[index]) is var script && script is Script.Hebrew or Script.Arabic or Script.Thai && index > 0 && Scripts.Of(text[index - 1]) == script;

    private static bool IsKnown(char letter)
    {
        var lower = char.ToLowerInvariant(letter);
        return Scripts.Of(letter) is not (Script.Latin or Script.Cyrillic or Script.Greek) || LanguageProfile.All.Any(profile => profile.Letters.Contains(lower));
    }

    /// <summary>Beside letters of its own script only, and no capital after a small letter.</summary>
    private static bool StandsInAWord(string text, int index)
    {
        var letter = text[index];
        return (index == 0 || Fits(text[index - 1], letter)) && (index + 1 == text.Length || Fits(letter, text[index + 1]));

        static bool Fits(char first, char second) =>
            !char.IsLetter(first) || !char.IsLetter(second) || (Scripts.Of(first) == Scripts.Of(second) && !(char.IsLower(first) && char.IsUpper(second)));
    }
}
