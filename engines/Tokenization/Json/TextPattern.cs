using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RagPlatform.Tokenization.Json;

/// <summary>
/// What a tokenizer splits at or replaces: a text, or a regular expression over characters. .NET's expressions know
/// UTF-16 units only, so a character above U+FFFF is shown to them as one below of the same general category.
/// </summary>
internal sealed class TextPattern
{
    /// <summary>A hostile file may bring an expression that backtracks without end.</summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(10);

    private readonly Regex _regex;

    private TextPattern(Regex regex) => _regex = regex;

    public static TextPattern Literal(string text) => new(new Regex(Regex.Escape(text), RegexOptions.CultureInvariant, MatchTimeout));

    /// <exception cref="ArgumentException">.NET does not understand the expression.</exception>
    public static TextPattern Expression(string expression) =>
        new(new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.Compiled, MatchTimeout));

    /// <summary>The whole text in order, in matches and what is between them. Empty parts are left out, but not empty matches.</summary>
    /// <exception cref="RegexMatchTimeoutException">The expression takes too long on this text.</exception>
    public List<(Range Range, bool IsMatch)> Split(ReadOnlySpan<char> text)
    {
        var parts = new List<(Range, bool)>();
        var shown = Shown(text, out var places);
        var end = 0;
        foreach (var match in _regex.EnumerateMatches(shown))
        {
            var (from, to) = (Place(match.Index), Place(match.Index + match.Length));
            if (from > end)
            {
                parts.Add((end..from, false));
            }

            parts.Add((from..to, true));
            end = to;
        }

        if (end < text.Length)
        {
            parts.Add((end..text.Length, false));
        }

        return parts;

        int Place(int index) => places is null ? index : places[index];
    }

    /// <param name="places">Where each shown character, and the end, is in the text; null where they are the same.</param>
    private static ReadOnlySpan<char> Shown(ReadOnlySpan<char> text, out int[]? places)
    {
        places = null;
        if (text.IndexOfAnyInRange('\ud800', '\udfff') < 0)
        {
            return text;
        }

        var shown = new StringBuilder(text.Length);
        var list = new List<int>(text.Length);
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            shown.Append(rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune)));
            list.Add(i);
            i += width;
        }

        list.Add(text.Length);
        places = [.. list];
        return shown.ToString();
    }

    private static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => 'Ɐ',
        UnicodeCategory.LowercaseLetter => 'ɐ',
        UnicodeCategory.TitlecaseLetter => 'ǅ',
        UnicodeCategory.ModifierLetter => 'ʰ',
        UnicodeCategory.OtherLetter => 'ꀀ',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u20dd',
        UnicodeCategory.DecimalDigitNumber => '٠',
        UnicodeCategory.LetterNumber => 'Ⅰ',
        UnicodeCategory.OtherNumber => '²',
        UnicodeCategory.ConnectorPunctuation => '‿',
        UnicodeCategory.DashPunctuation => '–',
        UnicodeCategory.OpenPunctuation => '⁅',
        UnicodeCategory.ClosePunctuation => '⁆',
        UnicodeCategory.InitialQuotePunctuation => '«',
        UnicodeCategory.FinalQuotePunctuation => '»',
        UnicodeCategory.OtherPunctuation => '※',
        UnicodeCategory.MathSymbol => '∑',
        UnicodeCategory.CurrencySymbol => '€',
        UnicodeCategory.ModifierSymbol => '˂',
        UnicodeCategory.Format => '\u2060',
        UnicodeCategory.PrivateUse => '\ue000',
        UnicodeCategory.OtherNotAssigned => '\u0378',
        _ => '©',
    };
}
