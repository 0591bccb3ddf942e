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
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest published ones have some 700.</summary>
    private const int MaxExpressionCharacters = 4096;

    private readonly Regex _regex;

    private TextPattern(Regex regex) => _regex = regex;

    public static TextPattern Literal(string text) => 
        new(new Regex(Regex.Escape(text), RegexOptions.CultureInvariant, MatchTimeout)) { Unit = text is [var unit] && !char.IsSurrogate(unit) ? unit : null };

    /// <exception cref="ArgumentException">.NET does not understand the expression, or it is too long.</exception>
    public static TextPattern Expression(string expression) => expression.Length <= MaxExpressionCharacters
        ? new(new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.Compiled, MatchTimeout))
        : throw new ArgumentException($"it has {expression.Length} characters; the limit is {MaxExpressionCharacters}", nameof(expression));

    /// <summary>The pattern, where it is a text of one UTF-16 unit.</summary>
    public char? Unit { get; private init; }

    /// <summary>The whole text in order, in matches and what is between them. Empty parts are left out, but not empty matches.</summary>
    /// <exception cref="InvalidDataException">The expression takes too long on this text; moving on may say so too.</exception>
    public PatternParts Split(ReadOnlySpan<char> text)
    {
        var shown = Shown(text, out var places);
        return new PatternParts(_regex.EnumerateMatches(shown), text.Length, places);
    }

    /// <param name="places">Where each shown character, and the end, is in the text; null where they are the same.</param>
    private static ReadOnlySpan<char> Shown(ReadOnlySpan<char> text, out int[]? places)
    {
        places = null;
        if (text.IndexOfAnyInRange('\ud800', '\udfff') < 0)
        {
            return text;
        }

        var shown = new char[text.Length];
        places = new int[text.Length + 1];
        var count = 0;
        for (var i = 0; i < text.Length; count++)
        {
            places[count] = i;
            if (!char.IsSurrogate(text[i]))
            {
                shown[count] = text[i++];
                continue;
            }

            Rune.DecodeFromUtf16(text[i..], out var rune, out var width);
            shown[count] = rune.IsBmp ? (char)rune.Value : StandIn(Rune.GetUnicodeCategory(rune));
            i += width;
        }

        places[count] = text.Length;
        return shown.AsSpan(0, count);
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

/// <summary>Goes through a text in matches of a pattern and what is between them.</summary>
/// <param name="matches">In the text as it was shown to the pattern.</param>
/// <param name="length">Of the text.</param>
/// <param name="places">Where each shown character, and the end, is in the text; null where they are the same.</param>
internal ref struct PatternParts(Regex.ValueMatchEnumerator matches, int length, int[]? places)
{
    private Regex.ValueMatchEnumerator _matches = matches;
    private int _end;
    private Range? _waiting;

    public (Range Range, bool IsMatch) Current { get; private set; }

    public readonly PatternParts GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_waiting is { } match)
        {
            _waiting = null;
            return Move(match, isMatch: true);
        }

        if (!MoveToMatch())
        {
            return _end < length && Move(_end..length, isMatch: false);
        }

        var (from, to) = (Place(_matches.Current.Index), Place(_matches.Current.Index + _matches.Current.Length));
        if (from == _end)
        {
            return Move(from..to, isMatch: true);
        }

        _waiting = from..to;
        return Move(_end..from, isMatch: false);
    }

    private bool MoveToMatch()
    {
        try
        {
            return _matches.MoveNext();
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new InvalidDataException(
                $"tokenizer.json: the expression {JsonNode.Shown(exception.Pattern)} takes more than {exception.MatchTimeout.TotalSeconds} s on a text of {length} characters.", exception);
        }
    }

    private bool Move(Range range, bool isMatch)
    {
        Current = (range, isMatch);
        _end = range.End.Value;
        return true;
    }

    private readonly int Place(int index) => places is null ? index : places[index];
}
