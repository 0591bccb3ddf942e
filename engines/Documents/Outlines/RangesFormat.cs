namespace RagPlatform.Documents;

/// <summary>Ranges in order that do not overlap, such as a document's parents: each as the distance from the one before and a length.</summary>
public static class RangesFormat
{
    private const byte Version = 1;

    public static byte[] Write(IReadOnlyList<CharacterRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return OutlineStream.Write(Version, writer =>
        {
            var end = 0;
            writer.Write7BitEncodedInt(ranges.Count);
            foreach (var range in ranges)
            {
                writer.Write7BitEncodedInt(range.Start - end);
                writer.Write7BitEncodedInt(range.End - range.Start);
                end = range.End;
            }
        });
    }

    /// <exception cref="InvalidDataException">Damaged, or written by a later release.</exception>
    public static IReadOnlyList<CharacterRange> Read(ReadOnlyMemory<byte> data) => OutlineStream.Read(data, Version, reader =>
    {
        var ranges = new CharacterRange[reader.ReadCount(minBytes: 2)];
        for (int i = 0, end = 0; i < ranges.Length; i++)
        {
            var start = end + reader.ReadUpTo(int.MaxValue - end);
            end = start + reader.ReadUpTo(int.MaxValue - start);
            ranges[i] = new CharacterRange(start, end);
        }

        return ranges;
    });

    /// <summary>The range that holds all of another one; null where none does.</summary>
    /// <param name="ranges">In order, not overlapping.</param>
    /// <param name="inner">What it is to hold.</param>
    public static CharacterRange? Around(IReadOnlyList<CharacterRange> ranges, CharacterRange inner)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var (low, high) = (0, ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].Start <= inner.Start ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && ranges[low - 1].End >= inner.End ? ranges[low - 1] : null;
    }
}
