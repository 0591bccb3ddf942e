using System.Text;

namespace RagPlatform.Generation.Features.Answer.Chat;

/// <summary>
/// Finds a model's quote in a stored text and says where it stands there. White space is folded and typographic
/// quotation marks and dashes are read as plain ones; everything else, digits above all, must be the same, and a match
/// neither begins nor ends inside a word or a number ("5 MB" is not in "15 MB", nor in "1.5 MB").
/// </summary>
internal static class QuoteLocator
{
    /// <summary>Shorter quotes, and those without a word or a number, are found anywhere and support nothing.</summary>
    public const int MinQuoteCharacters = 6;

    /// <returns>The range in the stored text, or null.</returns>
    public static Range? Find(string stored, string quote)
    {
        var sought = Fold(quote, map: null).Trim();
        if (sought.Length < MinQuoteCharacters || !sought.Any(char.IsLetterOrDigit))
        {
            return null;
        }

        var map = new List<int>(stored.Length + 1);
        var folded = Fold(stored, map);
        map.Add(stored.Length);
        for (var from = 0; from + sought.Length <= folded.Length;)
        {
            var at = folded.IndexOf(sought, from, StringComparison.Ordinal);
            if (at < 0)
            {
                return null;
            }

            var end = at + sought.Length;
            if (!IsInside(folded, at) && !IsInside(folded, end))
            {
                return map[at]..(map[end - 1] + 1);
            }

            from = at + 1;
        }

        return null;
    }

    /// <summary>Whether a word or a number goes on across this position.</summary>
    private static bool IsInside(string text, int position)
    {
        if (position <= 0 || position >= text.Length)
        {
            return false;
        }

        var (before, after) = (text[position - 1], text[position]);
        if (IsWord(before) && IsWord(after))
        {
            return true;
        }

        var isNumberGoingOn = before is '.' or ',' && char.IsDigit(after) && position >= 2 && char.IsDigit(text[position - 2]);
        var isNumberBegun = char.IsDigit(before) && after is '.' or ',' && position + 1 < text.Length && char.IsDigit(text[position + 1]);
        return isNumberGoingOn || isNumberBegun || (before == '-' && char.IsDigit(after) && (position < 2 || !IsWord(text[position - 2])));
    }

    private static bool IsWord(char character) =>
        char.IsLetterOrDigit(character) || character == '_' || char.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.NonSpacingMark || char.IsSurrogate(character);

    private static string Fold(string text, List<int>? map)
    {
        var folded = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i] switch
            {
                '‘' or '’' or '‚' => '\'',
                '“' or '”' or '„' => '"',
                '‐' or '‑' or '–' or '—' or '−' => '-',
                _ when char.IsWhiteSpace(text[i]) => ' ',
                _ => text[i],
            };
            if (character == ' ' && folded.Length > 0 && folded[^1] == ' ')
            {
                continue;
            }

            folded.Append(character);
            map?.Add(i);
        }

        return folded.ToString();
    }
}
