using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>The terms of one chunk or one query, in order of first appearance, and how often each occurs.</summary>
public sealed class TermCounts
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TermCounts() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Distinct terms.</summary>
    public int Count => _counts.Count;

    /// <summary>Occurrences, all terms together: the length that BM25 normalises by.</summary>
    public int Length { get; private set; }

    /// <summary>0 for a term that does not occur.</summary>
    public int this[string term] => _counts.GetValueOrDefault(term);

    public Dictionary<string, int>.Enumerator GetEnumerator() => _counts.GetEnumerator();

    public void Add(ReadOnlySpan<char> term, int occurrences)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_lookup, term, out _) += occurrences;
        Length += occurrences;
    }
}
