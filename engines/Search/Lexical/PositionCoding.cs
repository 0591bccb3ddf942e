namespace RagPlatform.Search.Lexical;

/// <summary>
/// A posting's positions: how many bytes follow, then each position less the one before it. Numbers are in groups of seven
/// bits, the lowest first, the eighth bit saying that another group follows.
/// </summary>
internal static class PositionCoding
{
    public static void Append(List<byte> bytes, ReadOnlySpan<int> positions)
    {
        var length = 0;
        var previous = 0;
        foreach (var position in positions)
        {
            length += LengthOf((uint)(position - previous));
            previous = position;
        }

        AppendNumber(bytes, (uint)length);
        previous = 0;
        foreach (var position in positions)
        {
            AppendNumber(bytes, (uint)(position - previous));
            previous = position;
        }
    }

    /// <summary>Passes over a posting.</summary>
    public static void Skip(ref ReadOnlySpan<byte> bytes) => bytes = bytes[ReadLength(ref bytes)..];

    /// <summary>Reads a posting's positions into the list in place of what it held.</summary>
    /// <exception cref="InvalidDataException">The bytes end too early.</exception>
    public static void Read(ref ReadOnlySpan<byte> bytes, List<int> positions)
    {
        positions.Clear();
        var length = ReadLength(ref bytes);
        var own = bytes[..length];
        bytes = bytes[length..];
        uint position = 0;
        while (!own.IsEmpty)
        {
            position += ReadNumber(ref own);
            positions.Add((int)position);
        }
    }

    private static int ReadLength(ref ReadOnlySpan<byte> bytes)
    {
        var length = ReadNumber(ref bytes);
        return length <= bytes.Length ? (int)length : throw new InvalidDataException($"{length} bytes of positions are said to follow; {bytes.Length} do.");
    }

    private static uint ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        uint number = 0;
        for (var i = 0; i < bytes.Length && i < 5; i++)
        {
            number |= (uint)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }

        throw new InvalidDataException("A position's number does not end.");
    }

    private static void AppendNumber(List<byte> bytes, uint number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
    }

    private static int LengthOf(uint number) => (31 - System.Numerics.BitOperations.LeadingZeroCount(number | 1)) / 7 + 1;
}
