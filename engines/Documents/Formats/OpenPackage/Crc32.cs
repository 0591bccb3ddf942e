namespace RagPlatform.Documents;

/// <summary>CRC-32 as ZIP has it (ISO 3309, polynomial 0xEDB88320 reflected), by the table of Sarwate 1988.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <param name="checksum">Of the bytes so far; 0 at the start.</param>
    /// <param name="bytes">What follows them.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        checksum = ~checksum;
        foreach (var value in bytes)
        {
            checksum = Table[(byte)checksum ^ value] ^ (checksum >> 8);
        }

        return ~checksum;
    }

    private static uint Entry(int value)
    {
        var entry = (uint)value;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) != 0 ? 0xEDB88320 ^ (entry >> 1) : entry >> 1;
        }

        return entry;
    }
}
