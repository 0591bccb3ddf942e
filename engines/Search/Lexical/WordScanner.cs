using System.Globalization;
using System.Text;

namespace RagPlatform.Search.Lexical;

/// <summary>Where words, names and the humps of camel case begin and end.</summary>
internal static class WordScanner
{
    /// <summary>True if a word may begin at <paramref name="index"/>; <paramref name="width"/> is the character's, 1 or 2.</summary>
    public static bool StartsWord(ReadOnlySpan<char> text, int index, out int width)
    {
        var character = text[index];
        width = 1;
        if (char.IsAscii(character))
        {
            return char.IsAsciiLetterOrDigit(character);
        }

        Rune.DecodeFromUtf16(text[index..], out var rune, out width);
        return Rune.IsLetterOrDigit(rune);
    }

    public static bool HasWord(ReadOnlySpan<char> text)
    {
        for (var index = 0; index < text.Length;)
        {
            if (StartsWord(text, index, out var width))
            {
                return true;
            }

            index += width;
        }

        return false;
    }

    /// <summary>The end of the run of letters, digits and combining marks at <paramref name="index"/>; a run does not mix spaced and unspaced scripts.</summary>
    public static int EndOfWord(ReadOnlySpan<char> text, int index)
    {
        var unspaced = IsUnspacedScript(text[index]);
        while (index < text.Length && ContinuesWord(text, index, out var width) && IsUnspacedScript(text[index]) == unspaced)
        {
            index += width;
        }

        return index;
    }

    /// <summary>
    /// The name that begins with the word at <paramref name="index"/>: words joined by . _ - / : @ or by a doubled one of
    /// them, with the punctuation before (--flag, .NET) and after (C#, C++) that belongs to it.
    /// </summary>
    public static Range NameAt(ReadOnlySpan<char> text, int index)
    {
        var end = EndOfWord(text, index);
        if (IsUnspacedScript(text[index]))
        {
            return index..end;
        }

        while (JoinedWord(text, end) is var next && next < text.Length && StartsWord(text, next, out _) && !IsUnspacedScript(text[next]) && next > end)
        {
            end = EndOfWord(text, next);
        }

        return PrefixStart(text, index)..SuffixEnd(text, end);
    }

    /// <summary>The end of the hump at <paramref name="start"/>: "HTTPServer2Go" is HTTP, Server2, Go.</summary>
    public static int EndOfHump(ReadOnlySpan<char> word, int start)
    {
        for (var i = start + 1; i < word.Length; i++)
        {
            if (!char.IsUpper(word[i]))
            {
                continue;
            }

            if (!char.IsUpper(word[i - 1]) || (i + 1 < word.Length && char.IsLower(word[i + 1])))
            {
                return i;
            }
        }
        return word.Length;
    }

    /// <summary>Whether joined words are an identifier rather than prose: rag_up, std::vector, me@example, AppHost.cs, but not x-ray or U.S.</summary>
    public static bool LooksLikeCode(ReadOnlySpan<char> name)
    {
        for (var i = 1; i + 1 < name.Length; i++)
        {
            var (before, at, after) = (name[i - 1], name[i], name[i + 1]);
            if (at is '_' or '@' || (at is ':' or '/' && before == at) || (char.IsLower(before) && char.IsUpper(at) && char.IsLower(after)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Single letters with points between: e.g, U.S.A.</summary>
    public static bool IsAcronym(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsLetter(name[i]) : name[i] != '.')
            {
                return false;
            }
        }

        return name.Length % 2 == 1;
    }

    /// <summary>Han, Hiragana, Katakana: no spaces between words.</summary>
    public static bool IsUnspacedScript(char character) =>
        character is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');

    private static bool ContinuesWord(ReadOnlySpan<char> text, int index, out int width)
    {
        if (StartsWord(text, index, out width))
        {
            return true;
        }

        return !char.IsAscii(text[index])
            && CharUnicodeInfo.GetUnicodeCategory(text[index]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
    }

    private static int JoinedWord(ReadOnlySpan<char> text, int end)
    {
        if (end >= text.Length || text[end] is not ('.' or '_' or '-' or '/' or ':' or '@'))
        {
            return end;
        }

        return end + 1 < text.Length && text[end + 1] == text[end] ? end + 2 : end + 1;
    }

    private static int PrefixStart(ReadOnlySpan<char> text, int index)
    {
        var start = index;
        while (start > 0 && index - start < 2 && text[start - 1] is '-' or '.' && (start == index || text[start - 1] == text[start]))
        {
            start--;
        }
        // "a...b" and "x---y" are punctuation between words, not the beginning of a name.
        return start > 0 && !char.IsWhiteSpace(text[start - 1]) && text[start - 1] is not ('`' or '"' or '\'' or '(' or '[' or '=' or ',') ? index : start;
    }

    private static int SuffixEnd(ReadOnlySpan<char> text, int end)
    {
        var suffix = end < text.Length && text[end] == '#' ? 1 : text[end..].StartsWith("++", StringComparison.Ordinal) ? 2 : 0;
        return suffix > 0 && (end + suffix == text.Length || !StartsWord(text, end + suffix, out _)) ? end + suffix : end;
    }
}
