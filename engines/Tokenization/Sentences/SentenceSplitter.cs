using System.Buffers;

namespace RagPlatform.Tokenization;

/// <summary>
/// Splits prose into sentences by rules: full stops that end an abbreviation, a decimal, an initial or a list number
/// do not end a sentence; CJK full stops need no space after them; a blank line or the next list item always ends one.
/// Time is linear in the text.
/// </summary>
public static class SentenceSplitter
{
    /// <summary>Latin and Greek, CJK, Arabic and Urdu, Devanagari, Ethiopic.</summary>
    private const string Terminators = ".!?…‼⁇⁈⁉。！？｡．؟۔।॥።";
    private const string WideTerminators = "。！？｡";

    /// <summary>French sets a space before its closing quotation mark.</summary>
    private const char SpacedCloser = '»';
    /// <summary>Directly after a terminator also what opens in English closes, as in German.</summary>
    private const string Closers = "\"'”’“‘»›«‹)]}」』）】》*_`~";

    private static readonly SearchValues<char> Candidates = SearchValues.Create(Terminators + "\n");

    /// <summary>Ranges in order, without surrounding white space, that together cover every non-blank character.</summary>
    public static IReadOnlyList<Range> Split(ReadOnlySpan<char> text)
    {
        var sentences = new List<Range>();
        var start = 0;
        var i = 0;
        while (i < text.Length)
        {
            var next = text[i..].IndexOfAny(Candidates);
            if (next < 0)
            {
                break;
            }

            i += next;
            var isEnd = text[i] == '\n' ? LineBreaks.EndsSentence(text, i) : EndsSentence(text, start, ref i);
            i++;
            if (isEnd)
            {
                Add(sentences, text, start, i);
                start = i;
            }
        }

        Add(sentences, text, start, text.Length);
        return sentences;
    }

    /// <param name="i">At a terminator; afterwards at the last character of the run of terminators and closers.</param>
    private static bool EndsSentence(ReadOnlySpan<char> text, int start, ref int i)
    {
        var first = i;
        while (i + 1 < text.Length && Terminators.Contains(text[i + 1], StringComparison.Ordinal))
        {
            i++;
        }

        var isWide = WideTerminators.Contains(text[i], StringComparison.Ordinal);
        var isSingleStop = i == first && text[i] == '.';
        while (i + 1 < text.Length && Closers.Contains(text[i + 1], StringComparison.Ordinal))
        {
            i++;
        }

        if (IsSpacedCloser(text, i + 1))
        {
            i += 2;
        }

        if (isWide || i + 1 == text.Length)
        {
            return true;
        }

        if (!char.IsWhiteSpace(text[i + 1]))
        {
            return false;
        }

        var following = text[(i + 1)..];
        following = following[^following.TrimStart().Length..];
        if (following.IsEmpty)
        {
            return true;
        }

        return !char.IsLower(following[0]) && !(isSingleStop && Abbreviations.IsAt(text[start..first], following));
    }

    /// <summary>A space and a closing mark after which nothing is quoted.</summary>
    private static bool IsSpacedCloser(ReadOnlySpan<char> text, int i) =>
        i + 1 < text.Length && text[i] is ' ' or '\u00A0' or '\u202F' && text[i + 1] == SpacedCloser && (i + 2 == text.Length || char.IsWhiteSpace(text[i + 2]));

    private static void Add(List<Range> sentences, ReadOnlySpan<char> text, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        if (start < end)
        {
            sentences.Add(start..end);
        }
    }
}
