using System.Buffers;
using System.Collections.Frozen;

namespace RagPlatform.Tokenization;

/// <summary>Full stops that do not end a sentence.</summary>
internal static class Abbreviations
{
    private const int MaxCharacters = 12;

    /// <summary>Something always follows them.</summary>
    private static readonly FrozenSet<string> Leading = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "dr", "mr", "mrs", "ms", "prof", "st", "gen", "col", "sgt", "capt", "lt", "rep", "sen", "gov", "pres", "rev", "hon",
        "e.g", "i.e", "eg", "ie", "cf", "vs", "viz", "approx", "ca", "resp", "incl", "excl", "esp", "dept", "univ", "mt",
        "bzw", "z.b", "d.h", "u.a", "vgl", "nr", "hr", "fr");

    /// <summary>A number or a name follows them; else they end the sentence.</summary>
    private static readonly FrozenSet<string> Numbering = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "fig", "figs", "eq", "eqs", "no", "nos", "sec", "ch", "chap", "vol", "vols", "p", "pp", "ref", "refs", "tab", "art",
        "para", "ver", "v", "ed", "eds", "al", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec");

    /// <summary>They end a sentence only where the next word plainly begins one.</summary>
    private static readonly FrozenSet<string> Trailing = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "u.s", "u.k", "e.u", "u.n", "u.s.a", "a.m", "p.m", "inc", "ltd", "co", "corp", "bros", "jr", "sr", "ph.d", "m.d", "b.a", "m.a", "d.c");

    private static readonly FrozenSet<string> Openers = FrozenSet.Create(
        StringComparer.Ordinal,
        "A", "An", "And", "As", "At", "But", "By", "For", "From", "He", "Her", "His", "How", "However", "I", "If", "In",
        "Is", "It", "Its", "No", "Not", "On", "One", "Or", "Our", "She", "Since", "So", "That", "The", "Their", "Then",
        "There", "These", "They", "This", "Those", "To", "Today", "We", "What", "When", "Where", "While", "Who", "Why", "You");

    private static readonly SearchValues<char> WordStarts = SearchValues.Create(" \t\r\n\u00A0([{\"'“‘*_/");

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <param name="before">The sentence up to the full stop.</param>
    /// <param name="following">What comes after it, from its first non-blank character; not empty.</param>
    public static bool IsAt(ReadOnlySpan<char> before, ReadOnlySpan<char> following)
    {
        var window = before.Length > MaxCharacters ? before[^MaxCharacters..] : before;
        var word = window[(window.LastIndexOfAny(WordStarts) + 1)..];
        if (word.IsEmpty || word.Length == MaxCharacters)
        {
            return false;
        }

        if (!word.ContainsAnyExceptInRange('0', '9'))
        {
            // "1. Open the lid": the number of an item, not the end of "… in 1999."
            return before.Trim().Length == word.Length;
        }

        if (word.Length == 1 && char.IsUpper(word[0]))
        {
            return word[0] != 'I';
        }

        return Contains(Leading, word)
            || (Contains(Numbering, word) && (char.IsDigit(following[0]) || following[0] is '(' or '[' || (word is "al" && !IsOpener(following))))
            || (Contains(Trailing, word) && !IsOpener(following));
    }

    private static bool IsOpener(ReadOnlySpan<char> following)
    {
        var end = following.IndexOfAnyExcept(Letters);
        return Contains(Openers, end < 0 ? following : following[..end]);
    }

    private static bool Contains(FrozenSet<string> words, ReadOnlySpan<char> word) =>
        words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
