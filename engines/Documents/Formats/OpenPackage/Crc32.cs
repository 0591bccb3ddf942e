using System.Buffers.Binary;

namespace RagPlatform.Documents;

/// <summary>CRC-32 as ZIP has it (ISO 3309, polynomial 0xEDB88320 reflected), eight bytes at a time: Kounavis and Berry, "Novel table lookup-based algorithms", 2008.</summary>
internal static class Crc32
{
    private const int Step = 8;

    /// <summary>Table[256 * n + b]: the checksum of the byte b followed by n zero bytes.</summary>
    private static readonly uint[] Table = MakeTable();

    /// <param name="checksum">Of the bytes so far; 0 at the start.</param>
    /// <param name="bytes">What follows them.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var table = Table;
        checksum = ~checksum;
        for (; bytes.Length >= Step; bytes = bytes[Step..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ checksum;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            checksum = table[0x700 + (byte)low] ^ table[0x600 + (byte)(low >> 8)] ^ table[0x500 + (byte)(low >> 16)] ^ table[0x400 + (low >> 24)]
                ^ table[0x300 + (byte)high] ^ table[0x200 + (byte)(high >> 8)] ^ table[0x100 + (byte)(high >> 16)] ^ table[high >> 24];
        }

        foreach (var value in bytes)
        {
            checksum = table[(byte)checksum ^ value] ^ (checksum >> 8);
        }

        return ~checksum;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256 * Step];
        for (uint value = 0; value < 256; value++)
        {
            var entry = value;
            for (var bit = 0; bit < 8; bit++)
            {
                entry = (entry & 1) != 0 ? 0xEDB88320 ^ (entry >> 1) : entry >> 1;
            }

            table[value] = entry;
        }

        for (var i = 256; i < table.Length; i++)
        {
            table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        }

        return table;
    }
}
