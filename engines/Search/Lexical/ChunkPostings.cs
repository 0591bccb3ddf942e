using System.Runtime.InteropServices;
using System.Text;

namespace RagPlatform.Search.Lexical;

/// <summary>The postings of analysed chunks: what is said by chunk, turned round to be said by term.</summary>
internal sealed class ChunkPostings : IPostingsSource
{
    private readonly byte[][] _terms;
    private readonly int[] _ends;
    private readonly int[] _rows;
    private readonly int[] _frequencies;
    private readonly int[] _positionEnds;
    private readonly int[] _positions;

    public ChunkPostings(IReadOnlyList<ChunkTerms> chunks)
    {
        RowLengths = [.. chunks.Select(chunk => chunk.Length)];
        var numbers = Number(chunks, out _terms);
        _ends = new int[_terms.Length];
        var positionEnds = new int[_terms.Length];
        for (var row = 0; row < chunks.Count; row++)
        {
            foreach (var number in numbers[row])
            {
                _ends[number]++;
            }

            foreach (var occurrence in chunks[row].Occurrences)
            {
                positionEnds[numbers[row][occurrence.Term]]++;
            }
        }

        _rows = new int[Accumulate(_ends)];
        _frequencies = new int[_rows.Length];
        _positionEnds = new int[_rows.Length];
        _positions = new int[Accumulate(positionEnds)];
        Fill(chunks, numbers, Starts(_ends), Starts(positionEnds));
    }

    public int[] RowLengths { get; }

    public IEnumerable<TermPostings> ReadTerms()
    {
        var postings = new TermPostings();
        for (int term = 0, posting = 0, position = 0; term < _terms.Length; term++)
        {
            postings.Begin(_terms[term]);
            for (; posting < _ends[term]; position = _positionEnds[posting++])
            {
                postings.Add(_rows[posting], _frequencies[posting], _positions.AsSpan(position, _positionEnds[posting] - position));
            }

            yield return postings;
        }
    }

    /// <summary>For each chunk, the number of its i-th term in the order of all terms.</summary>
    private static int[][] Number(IReadOnlyList<ChunkTerms> chunks, out byte[][] sorted)
    {
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = new int[chunks.Count][];
        for (var row = 0; row < numbers.Length; row++)
        {
            numbers[row] = new int[chunks[row].Count];
            foreach (var (term, index) in chunks[row].Indexes)
            {
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(order, term, out var known);
                number = known ? number : order.Count - 1;
                numbers[row][index] = number;
            }
        }

        sorted = new byte[order.Count][];
        var unsorted = new int[order.Count];
        foreach (var (term, number) in order)
        {
            sorted[number] = Encoding.UTF8.GetBytes(term);
            unsorted[number] = number;
        }

        Array.Sort(sorted, unsorted, Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right)));
        var ranks = new int[unsorted.Length];
        for (var rank = 0; rank < unsorted.Length; rank++)
        {
            ranks[unsorted[rank]] = rank;
        }

        foreach (var row in numbers)
        {
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = ranks[row[i]];
            }
        }

        return numbers;
    }

    private void Fill(IReadOnlyList<ChunkTerms> chunks, int[][] numbers, int[] next, int[] nextPosition)
    {
        for (var row = 0; row < chunks.Count; row++)
        {
            foreach (var occurrence in chunks[row].Occurrences)
            {
                _positions[nextPosition[numbers[row][occurrence.Term]]++] = occurrence.Position;
            }

            for (var index = 0; index < numbers[row].Length; index++)
            {
                var term = numbers[row][index];
                _rows[next[term]] = row;
                _frequencies[next[term]] = chunks[row].Frequencies[index];
                _positionEnds[next[term]++] = nextPosition[term];
            }
        }
    }

    /// <summary>Counts become ends; returns the last.</summary>
    private static int Accumulate(int[] counts)
    {
        for (var i = 1; i < counts.Length; i++)
        {
            counts[i] = checked(counts[i] + counts[i - 1]);
        }

        return counts.Length == 0 ? 0 : counts[^1];
    }

    private static int[] Starts(int[] ends) => ends.Length == 0 ? [] : [0, .. ends.AsSpan(0, ends.Length - 1)];
}
