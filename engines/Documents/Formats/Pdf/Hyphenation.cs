using System.Text.RegularExpressions;

namespace RagPlatform.Documents;

/// <summary>Whether a hyphen at a line's end belongs to the word, by the document's own words.</summary>
internal sealed partial class Hyphenation
{
    private const int MinWordCharacters = 4;

    private readonly HashSet<string> _words;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public Hyphenation(IEnumerable<string> lines)
    {
        _words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        var isCut = false;
        foreach (var line in lines)
        {
            foreach (var word in Words.EnumerateMatches(line))
            {
                // What a line's end cuts off, and what is left of it on the next line, are no words.
                if (!(isCut && word.Index == 0) && !(IsCut(line) && word.Index + word.Length == line.Length - 1))
                {
                    _lookup.Add(line.AsSpan(word.Index, word.Length));
                }
            }

            isCut = IsCut(line);
        }
    }

    /// <summary>"informa-" and "tion is": "information is"; "well-" and "known": as the document writes it elsewhere.</summary>
    /// <returns>The first line without its hyphen, when it is one of the line's end; the first line when it stays; null when there is none.</returns>
    public string? Join(string first, string second)
    {
        if (!IsCut(first) || second.Length == 0 || !char.IsLower(second[0]))
        {
            return null;
        }

        var head = LastWord(first.AsSpan(0, first.Length - 1));
        var tail = FirstWord(second);
        if (_lookup.Contains($"{head}{tail}"))
        {
            return first[..^1];
        }

        var isCompound = _lookup.Contains($"{head}-{tail}") || (head.Length >= MinWordCharacters && tail.Length >= MinWordCharacters && _lookup.Contains(head) && _lookup.Contains(tail));
        return isCompound || head.Contains('-') ? first : first[..^1];
    }

    private static bool IsCut(string line) => line.Length > 1 && line[^1] is '-' or '\u00AD' or '\u2010' && char.IsLetter(line[^2]);

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> line)
    {
        var start = line.Length;
        while (start > 0 && (char.IsLetter(line[start - 1]) || line[start - 1] == '-'))
        {
            start--;
        }

        return line[start..];
    }

    private static ReadOnlySpan<char> FirstWord(ReadOnlySpan<char> line)
    {
        var end = 0;
        while (end < line.Length && (char.IsLetter(line[end]) || line[end] == '-'))
        {
            end++;
        }

        return line[..end];
    }

    [GeneratedRegex(@"\p{L}+(?:-\p{L}+)*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Words { get; }
}
