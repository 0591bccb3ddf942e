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
        "bzw", "z.b", "d.h", "u.a", "vgl", "nr", "hr", "fr", "ggf", "inkl", "evtl", "mio", "mrd", "sog", "bspw", "dipl",
        "sra", "srta", "dra", "ud", "uds", "pág", "núm", "т.е", "т.к", "ул", "им", "см", "рис");

    /// <summary>A number or a name follows them; else they end the sentence.</summary>
    private static readonly FrozenSet<string> Numbering = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "fig", "figs", "eq", "eqs", "no", "nos", "sec", "ch", "chap", "vol", "vols", "p", "pp", "ref", "refs", "tab", "art",
        "para", "ver", "v", "ed", "eds", "al", "abs", "abb", "kap", "bd", "tel", "str", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec");

    /// <summary>They end a sentence only where the next word plainly begins one.</summary>
    private static readonly FrozenSet<string> Trailing = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "u.s", "u.k", "e.u", "u.n", "u.s.a", "a.m", "p.m", "inc", "ltd", "co", "corp", "bros", "jr", "sr", "ph.d", "m.d", "b.a", "m.a", "d.c");

    private static readonly FrozenSet<string> Openers = FrozenSet.Create(
        StringComparer.Ordinal,
        "A", "An", "And", "As", "At", "But", "By", "For", "From", "He", "Her", "His", "How", "However", "I", "If", "In",
        "Is", "It", "Its", "No", "Not", "On", "One", "Or", "Our", "She", "Since", "So", "That", "The", "Their", "Then",
        "There", "These", "They", "This", "Those", "To", "Today", "We", "What", "When", "Where", "While", "Who", "Why", "You");

    /// <summary>After an ordinal, as German writes its dates: "am 3. Mai".</summary>
    private static readonly FrozenSet<string> GermanMonths = FrozenSet.Create(
        StringComparer.Ordinal,
        "Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember");

    private static readonly SearchValues<char> WordStarts = SearchValues.Create(" \t\r\n\u00A0([{\"'“‘*_/");

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzä");

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
            return before.Trim().Length == word.Length || (word.Length <= 2 && Contains(GermanMonths, FirstWord(following)));
        }

        if (word.Length == 1 && char.IsLetter(word[0]))
        {
            // An initial; or one of "z. B.", "d. h.", "г.", unless a sentence plainly begins, as after "the value of x."
            return char.IsUpper(word[0]) ? word[0] != 'I' : char.IsLower(word[0]) && !IsOpener(following) && word[0] != 'i';
        }

        return Contains(Leading, word)
            || (Contains(Numbering, word) && (char.IsDigit(following[0]) || following[0] is '(' or '[' || (word is "al" && !IsOpener(following))))
            || (Contains(Trailing, word) && !IsOpener(following));
    }

    private static bool IsOpener(ReadOnlySpan<char> following) => Contains(Openers, FirstWord(following));

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> following)
    {
        // No word of these sets has more letters; a longer one need not be read to its end.
        var near = following.Length > MaxCharacters ? following[..MaxCharacters] : following;
        var end = near.IndexOfAnyExcept(Letters);
        return end < 0 ? near : near[..end];
    }

    private static bool Contains(FrozenSet<string> words, ReadOnlySpan<char> word) =>
        words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
