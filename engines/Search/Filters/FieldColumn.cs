namespace RagPlatform.Search.Filters;

/// <summary>One field of a <see cref="FieldSegment"/>, valid as long as that. Values count from 0, in the order of their UTF-8 bytes.</summary>
public readonly struct FieldColumn
{
    private readonly FieldSegment _segment;
    private readonly int _first;

    internal FieldColumn(FieldSegment segment, int first, int valueCount) =>
        (_segment, _first, ValueCount) = (segment, first, valueCount);

    public int ValueCount { get; }

    /// <summary>That have the field.</summary>
    public int DocumentCount => AllDocuments.Length;

    /// <summary>That have the field, each value's ascending.</summary>
    internal ReadOnlySpan<int> AllDocuments => _segment.Documents(_first, _first + ValueCount);

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Text(int value) => _segment.Text(_first + value);

    /// <summary>That have the value, ascending.</summary>
    public ReadOnlySpan<int> Documents(int value) => _segment.Documents(_first + value, _first + value + 1);

    /// <summary>What each value reads as; NaN: no number.</summary>
    internal ReadOnlySpan<double> Numbers => _segment.Numbers.Slice(_first, ValueCount);

    /// <summary>What each value reads as, in ticks; <see cref="FieldReading.NoDate"/>: no date.</summary>
    internal ReadOnlySpan<long> Dates => _segment.Dates.Slice(_first, ValueCount);

    /// <summary>-1 if no document has the value.</summary>
    public int Find(ReadOnlySpan<byte> utf8)
    {
        int low = 0, high = ValueCount - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Text(middle).SequenceCompareTo(utf8);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
