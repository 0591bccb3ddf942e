using System.Globalization;
using System.Text;

namespace RagPlatform.Tokenization.Json.Normalizers;

/// <summary>
/// NFC, NFD, NFKC or NFKD (Unicode Standard Annex 15), a combining sequence at a time: what a sequence becomes comes from
/// all of it.
/// </summary>
internal sealed class UnicodeNormalizer(NormalizationForm form) : INormalizer
{
    public AlignedText Normalize(AlignedText text)
    {
        var characters = text.Characters;
        if (characters.IndexOfAnyExceptInRange('\0', '\x7f') < 0 || IsNormalized(characters))
        {
            return text;
        }

        var builder = new AlignedBuilder(text.Length);
        for (var start = 0; start < text.Length;)
        {
            var end = EndOfSequence(characters, start);
            var sequence = text.Slice(start, end - start);
            var normalized = Normalized(sequence.Characters);
            if (sequence.Characters.SequenceEqual(normalized))
            {
                builder.Append(sequence);
            }
            else
            {
                builder.Append(normalized, sequence.StartOf(0), sequence.EndOf(sequence.Length - 1));
            }

            start = end;
        }

        return builder.ToText();
    }

    private bool IsNormalized(ReadOnlySpan<char> text)
    {
        try
        {
            return text.IsNormalized(form);
        }
        catch (ArgumentException)
        {
            // A lone surrogate or the like is somewhere in it; the other parts must still be looked at.
            return false;
        }
    }

    private string Normalized(ReadOnlySpan<char> sequence)
    {
        var text = new string(sequence);
        Rune.DecodeFromUtf16(sequence, out var first, out _);
        return IsLeftAlone(first) ? text : text.Normalize(form);
    }

    /// <summary>.NET refuses lone surrogates, which read as U+FFFD here, and some unassigned code points: neither decomposes.</summary>
    private static bool IsLeftAlone(Rune rune) =>
        rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherNotAssigned;

    /// <summary>A character with the marks and Hangul letters that may compose with it.</summary>
    private static int EndOfSequence(ReadOnlySpan<char> text, int start)
    {
        Rune.DecodeFromUtf16(text[start..], out var first, out var width);
        var end = start + width;
        while (end < text.Length && !IsLeftAlone(first))
        {
            Rune.DecodeFromUtf16(text[end..], out var next, out width);
            if (!IsMark(next) && next.Value is not (>= 0x1160 and <= 0x11FF))
            {
                break;
            }

            end += width;
        }

        return end;
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
