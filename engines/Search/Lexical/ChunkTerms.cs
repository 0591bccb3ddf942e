using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>The terms of one chunk: how often each occurs, its fields weighted, and where.</summary>
public sealed class ChunkTerms
{
    /// <summary>Positions left free between title, headings and text, so that no phrase reaches from one into the next.</summary>
    internal const int FieldGap = 100;

    private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<int> _frequencies = [];
    private readonly List<TermOccurrence> _occurrences = [];

    private ChunkTerms() => _lookup = _indexes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Weighted occurrences, all terms together: the length that BM25 normalises by.</summary>
    public int Length { get; private set; }

    /// <summary>Distinct terms.</summary>
    public int Count => _indexes.Count;

    /// <summary>0 for a term that does not occur.</summary>
    public int this[string term] => _indexes.TryGetValue(term, out var index) ? _frequencies[index] : 0;

    /// <summary>Each term and how often it occurs, in no order.</summary>
    public IEnumerable<KeyValuePair<string, int>> Counts => _indexes.Select(term => KeyValuePair.Create(term.Key, _frequencies[term.Value]));

    /// <summary>Each term and its index, 0 to <see cref="Count"/> - 1.</summary>
    internal IReadOnlyDictionary<string, int> Indexes => _indexes;

    /// <summary>By the index of the term.</summary>
    internal ReadOnlySpan<int> Frequencies => CollectionsMarshal.AsSpan(_frequencies);

    /// <summary>Positions ascending; a term may have the same one twice.</summary>
    internal ReadOnlySpan<TermOccurrence> Occurrences => CollectionsMarshal.AsSpan(_occurrences);

    /// <summary>Analyses a chunk's fields: its document's title, its headings (outermost first) and its text.</summary>
    public static ChunkTerms Of(
        TextAnalyzer analyzer, CollectionIndexOptions options, string title, IReadOnlyList<string> headings, string text)
    {
        ArgumentNullException.ThrowIfNull(analyzer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(headings);
        var terms = new ChunkTerms();
        var next = terms.AddField(analyzer, title, options.TitleWeight, 0);
        foreach (var heading in headings)
        {
            next = terms.AddField(analyzer, heading, options.HeadingWeight, next);
        }

        terms.AddField(analyzer, text, weight: 1, next);
        return terms;
    }

    private int AddField(TextAnalyzer analyzer, string field, int weight, int position)
    {
        var sink = new Sink(this, weight);
        return analyzer.Analyze(field, ref sink, position) + FieldGap;
    }

    private void Add(ReadOnlySpan<char> term, int position, int weight)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, term, out var known);
        if (!known)
        {
            index = _frequencies.Count;
            _frequencies.Add(0);
        }

        CollectionsMarshal.AsSpan(_frequencies)[index] += weight;
        _occurrences.Add(new TermOccurrence(index, position));
        Length += weight;
    }

    private readonly struct Sink(ChunkTerms terms, int weight) : ITermSink
    {
        public void Add(ReadOnlySpan<char> term, ReadOnlySpan<char> source, int position, TermKind kind) => terms.Add(term, position, weight);
    }
}

/// <param name="Term">Its index among the chunk's terms.</param>
internal readonly record struct TermOccurrence(int Term, int Position);
