namespace RagPlatform.Documents;

/// <summary>
/// Where in the original a text stands, as runs: parts by name; then, wherever the place changes, the distance from the change
/// before, the place's kind (0: none), its number and its part's.
/// </summary>
public static class PlacesFormat
{
    private const byte Version = 1;

    public static byte[] Write(IReadOnlyList<Block> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var changes = Changes(blocks);
        var parts = changes.Select(change => change.Location?.Part ?? "").Distinct().Select((part, number) => (part, number)).ToDictionary(pair => pair.part, pair => pair.number);
        return OutlineStream.Write(Version, writer =>
        {
            writer.Write7BitEncodedInt(parts.Count);
            foreach (var part in parts.OrderBy(pair => pair.Value))
            {
                writer.Write(part.Key);
            }

            var before = 0;
            writer.Write7BitEncodedInt(changes.Count);
            foreach (var (start, location) in changes)
            {
                writer.Write7BitEncodedInt(start - before);
                writer.Write(location is null ? (byte)0 : (byte)(location.Kind + 1));
                writer.Write7BitEncodedInt(location?.Number ?? 0);
                writer.Write7BitEncodedInt(parts[location?.Part ?? ""]);
                before = start;
            }
        });
    }

    /// <summary>The places of the first and the last character of each range; null where they have none.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a later release.</exception>
    public static IReadOnlyList<(SourceLocation? First, SourceLocation? Last)> Find(ReadOnlyMemory<byte> places, IReadOnlyList<CharacterRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var runs = Read(places);
        return [.. ranges.Select(range => (At(runs, range.Start), At(runs, Math.Max(range.Start, range.End - 1))))];
    }

    /// <summary>The blocks with their places.</summary>
    internal static IReadOnlyList<Block> Locate(ReadOnlyMemory<byte> places, IReadOnlyList<Block> blocks)
    {
        var runs = Read(places);
        var located = new Block[blocks.Count];
        for (int i = 0, run = -1; i < located.Length; i++)
        {
            while (run + 1 < runs.Length && runs[run + 1].Start <= blocks[i].Start)
            {
                run++;
            }

            located[i] = run < 0 || runs[run].Location is null ? blocks[i] : blocks[i] with { Location = runs[run].Location };
        }

        return located;
    }

    private static List<(int Start, SourceLocation? Location)> Changes(IReadOnlyList<Block> blocks)
    {
        var changes = new List<(int Start, SourceLocation? Location)>();
        SourceLocation? place = null;
        foreach (var block in blocks)
        {
            if (block.Location != place)
            {
                place = block.Location;
                changes.Add((block.Start, place));
            }
        }

        return changes;
    }

    private static (int Start, SourceLocation? Location)[] Read(ReadOnlyMemory<byte> places) => OutlineStream.Read(places, Version, reader =>
    {
        var parts = new string[reader.ReadCount(minBytes: 1)];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = reader.ReadString();
        }

        var runs = new (int Start, SourceLocation? Location)[reader.ReadCount(minBytes: 4)];
        for (int i = 0, start = 0; i < runs.Length; i++)
        {
            start += reader.ReadUpTo(int.MaxValue - start);
            var kind = reader.ReadByte();
            var number = reader.ReadUpTo(int.MaxValue);
            var part = parts[reader.ReadUpTo(parts.Length - 1)];
            runs[i] = (start, kind == 0 ? null : Enum.IsDefined((LocationKind)(kind - 1))
                ? new SourceLocation((LocationKind)(kind - 1), number, part)
                : throw new InvalidDataException($"Place {i} of the outline is of kind {kind}."));
        }

        return runs;
    });

    private static SourceLocation? At((int Start, SourceLocation? Location)[] runs, int offset)
    {
        var (low, high) = (0, runs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = runs[middle].Start <= offset ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : runs[low - 1].Location;
    }
}
