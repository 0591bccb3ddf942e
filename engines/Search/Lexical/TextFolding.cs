using System.Text;

namespace RagPlatform.Search.Lexical;

/// <summary>Case, accents and compatibility forms folded away, so that "Ångström" and "angstrom" are one word.</summary>
public static class TextFolding
{
    /// <summary>
    /// Writes the folded text and returns how many characters were written; what does not fit in
    /// <paramref name="destination"/> is left out. The text must hold no lone surrogates.
    /// </summary>
    public static int Fold(ReadOnlySpan<char> text, Span<char> destination)
    {
        if (!Ascii.IsValid(text))
        {
            return FoldUnicode(text, destination);
        }

        var source = text[..Math.Min(text.Length, destination.Length)];
        Ascii.ToLower(source, destination, out var written);
        return written;
    }

    private static int FoldUnicode(ReadOnlySpan<char> text, Span<char> destination)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var character in text.ToString().Normalize(NormalizationForm.FormKD))
        {
            // Combining accents of Latin, Greek and Cyrillic; the vowel signs of other scripts are letters in all but name.
            if (character is >= '\u0300' and <= '\u036F')
            {
                continue;
            }

            var lower = char.ToLowerInvariant(character);
            if (Expand(lower) is { } expansion)
            {
                folded.Append(expansion);
            }
            else
            {
                folded.Append(lower);
            }
        }

        // Composed again, because Hangul and kana are words of syllables, not of their parts.
        var result = folded.ToString().Normalize(NormalizationForm.FormC).AsSpan();
        result = result[..Math.Min(result.Length, destination.Length)];
        if (result.Length > 0 && char.IsHighSurrogate(result[^1]))
        {
            result = result[..^1];
        }

        result.CopyTo(destination);
        return result.Length;
    }

    /// <summary>Letters that Unicode does not decompose but that are commonly written without their mark.</summary>
    private static string? Expand(char lower) => lower switch
    {
        'ß' => "ss", 'æ' => "ae", 'œ' => "oe", 'ø' => "o", 'ł' => "l", 'đ' => "d", 'ð' => "d", 'þ' => "th", 'ı' => "i",
        'ς' => "σ",
        _ => null,
    };
}
