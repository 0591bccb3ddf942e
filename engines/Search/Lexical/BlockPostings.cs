using System.Runtime.InteropServices;

namespace RagPlatform.Search.Lexical;

/// <summary>At most 128 postings where they lie (<see cref="PostingLayout"/>).</summary>
internal readonly ref struct BlockPostings(int firstRow, ReadOnlySpan<byte> rows, ReadOnlySpan<byte> frequencies, int count)
{
    private readonly ReadOnlySpan<byte> _rows = rows;
    private readonly ReadOnlySpan<byte> _frequencies = frequencies;

    public int Count => count;

    /// <summary>What every row's offset counts from.</summary>
    public int FirstRow => firstRow;

    public bool HasWideRows => _rows.Length != count * sizeof(ushort);

    public bool HasWideFrequencies => _frequencies.Length != count;

    public ReadOnlySpan<ushort> RowOffsets => MemoryMarshal.Cast<byte, ushort>(_rows);

    public ReadOnlySpan<int> WideRowOffsets => MemoryMarshal.Cast<byte, int>(_rows);

    public ReadOnlySpan<byte> Frequencies => _frequencies;

    public ReadOnlySpan<int> WideFrequencies => MemoryMarshal.Cast<byte, int>(_frequencies);

    public int LastRow => RowAt(count - 1);

    public int RowAt(int index) => firstRow + (HasWideRows ? WideRowOffsets[index] : RowOffsets[index]);

    public int FrequencyAt(int index) => HasWideFrequencies ? WideFrequencies[index] : _frequencies[index];

    /// <summary>Of the row's posting; negative where there is none.</summary>
    public int IndexOf(int row)
    {
        var offset = row - firstRow;
        if (HasWideRows)
        {
            return WideRowOffsets.IndexOf(offset);
        }

        return offset is >= 0 and <= ushort.MaxValue ? RowOffsets.IndexOf((ushort)offset) : -1;
    }

    /// <summary>Of the first posting that is not before the row; <see cref="Count"/> where all are.</summary>
    public int LowerBound(int row)
    {
        var from = 0;
        var to = count;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (RowAt(middle) < row)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }
}
