using System.Buffers;
using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Cuts where nothing better than words and characters can be had.</summary>
internal sealed class TextCutter(string text, ChunkingOptions options, TokenCounter count)
{
    private const int LikelyCharactersPerToken = 5;

    /// <summary>How far past a cut a user-perceived character is followed; the longest emoji have about 16.</summary>
    private const int MaxCharacterLength = 32;

    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \t\r\n\f\v\u00A0\u2003\u3000");

    /// <summary>The longest beginning that fits the budget, up to a word's end where it holds one; at least one character.</summary>
    public ChunkRange Prefix(int start, int end)
    {
        var longest = Math.Min(end - start, options.MaxCharacters);
        var length = (int)Math.Min(longest, (long)options.MaxTokens * LikelyCharactersPerToken);
        while (true)
        {
            var cut = WordEnd(start, length, end);
            var tokens = Count(start, cut);
            if (tokens <= options.MaxTokens || cut - start <= 2)
            {
                return new ChunkRange(start, cut, tokens);
            }

            length = Math.Max(1, Math.Min(cut - start - 1, (int)((long)(cut - start) * options.MaxTokens / tokens)));
        }
    }

    /// <summary>The range if it fits the budget.</summary>
    public ChunkRange? Whole(int start, int end) =>
        end - start <= options.MaxCharacters && Count(start, end) is var tokens && tokens <= options.MaxTokens ? new ChunkRange(start, end, tokens) : null;

    public int Count(int start, int end) => count(text.AsSpan(start, end - start));

    public int SkipSpaces(int start, int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        return start;
    }

    public int TrimEnd(int start, int end)
    {
        while (end > start + 1 && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    /// <summary>Where the first word begins at or after a position; the end where none does.</summary>
    public int WordStart(int position, int end)
    {
        if (position > 0 && !char.IsWhiteSpace(text[position - 1]))
        {
            var space = text.AsSpan(position, end - position).IndexOfAny(Spaces);
            position = space < 0 ? end : position + space;
        }

        return SkipSpaces(position, end);
    }

    /// <summary>Where to cut after at most <paramref name="length"/> characters: not in a word if avoidable, never in a surrogate pair.</summary>
    private int WordEnd(int start, int length, int end)
    {
        var cut = start + length;
        if (cut < end && !char.IsWhiteSpace(text[cut]))
        {
            var space = text.AsSpan(start, length).LastIndexOfAny(Spaces);
            return space > 0 ? TrimEnd(start, start + space) : CharacterEnd(start, cut, end);
        }

        return TrimEnd(start, cut);
    }

    /// <summary>The last end of a user-perceived character (UAX #29) up to the cut; in one that is longer than that, of a code point.</summary>
    private int CharacterEnd(int start, int cut, int end)
    {
        var position = start;
        var last = Math.Min(end, cut + MaxCharacterLength);
        while (position < cut)
        {
            var next = position + StringInfo.GetNextTextElementLength(text.AsSpan(position, last - position));
            if (next > cut)
            {
                break;
            }

            position = next;
        }

        if (position > start)
        {
            return position;
        }

        var isInPair = char.IsHighSurrogate(text[cut - 1]) && char.IsLowSurrogate(text[cut]);
        return (isInPair, cut - start) switch { (false, _) => cut, (true, 1) => cut + 1, _ => cut - 1 };
    }
}
