namespace RagPlatform.Search.Filters;

/// <summary>Goes through the distinct values of one field in several segments, in the order of their UTF-8 bytes, each once.</summary>
internal sealed class ColumnMerge : IComparer<int>
{
    private readonly IReadOnlyList<FieldColumn> _columns;
    private readonly int[] _next;
    private readonly PriorityQueue<int, int> _least;
    private readonly List<(int Column, int Value)> _places = [];

    public ColumnMerge(IReadOnlyList<FieldColumn> columns)
    {
        _columns = columns;
        _next = new int[columns.Count];
        _least = new PriorityQueue<int, int>(columns.Count, this);
        for (var column = 0; column < columns.Count; column++)
        {
            EnqueueUnlessDone(column);
        }
    }

    /// <summary>Where the present value is: a column and the value's number in it.</summary>
    public IReadOnlyList<(int Column, int Value)> Places => _places;

    /// <summary>The present value, UTF-8.</summary>
    public ReadOnlySpan<byte> Text => _columns[_places[0].Column].Text(_places[0].Value);

    public bool MoveNext()
    {
        _places.Clear();
        while (_least.TryPeek(out var column, out _) && (_places.Count == 0 || Next(column).SequenceEqual(Text)))
        {
            _least.Dequeue();
            _places.Add((column, _next[column]++));
            EnqueueUnlessDone(column);
        }

        return _places.Count > 0;
    }

    int IComparer<int>.Compare(int left, int right) => Next(left).SequenceCompareTo(Next(right));

    private ReadOnlySpan<byte> Next(int column) => _columns[column].Text(_next[column]);

    private void EnqueueUnlessDone(int column)
    {
        if (_next[column] < _columns[column].ValueCount)
        {
            _least.Enqueue(column, column);
        }
    }
}
