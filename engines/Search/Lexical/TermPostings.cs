using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>One term's postings on their way into a segment; filled anew for each term.</summary>
internal sealed class TermPostings
{
    private readonly List<int> _rows = [];
    private readonly List<int> _frequencies = [];
    private readonly List<int> _positionEnds = [];
    private readonly List<int> _positions = [];

    /// <summary>UTF-8.</summary>
    public ReadOnlyMemory<byte> Term { get; private set; }

    public int Count => _rows.Count;

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> Rows => CollectionsMarshal.AsSpan(_rows);

    public ReadOnlySpan<int> Frequencies => CollectionsMarshal.AsSpan(_frequencies);

    /// <summary>Of the posting, ascending.</summary>
    public ReadOnlySpan<int> PositionsOf(int posting)
    {
        var from = posting == 0 ? 0 : _positionEnds[posting - 1];
        return CollectionsMarshal.AsSpan(_positions)[from.._positionEnds[posting]];
    }

    public void Begin(ReadOnlyMemory<byte> term)
    {
        Term = term;
        _rows.Clear();
        _frequencies.Clear();
        _positionEnds.Clear();
        _positions.Clear();
    }

    public void Add(int row, int frequency, ReadOnlySpan<int> positions)
    {
        _rows.Add(row);
        _frequencies.Add(frequency);
        _positions.AddRange(positions);
        _positionEnds.Add(_positions.Count);
    }
}

/// <summary>The terms of a segment to be written.</summary>
internal interface IPostingsSource
{
    /// <summary>By row.</summary>
    int[] RowLengths { get; }

    /// <summary>Terms ascending by their bytes, each with at least one posting; the same object each time. Called twice.</summary>
    IEnumerable<TermPostings> ReadTerms();
}
