using System.Buffers;
using System.Buffers.Binary;

namespace RagPlatform.Search.Segments.Log;

/// <summary>What a frame is about.</summary>
/// <param name="SegmentBytes">0: the document is removed.</param>
internal sealed record LogDirectoryEntry(string DocumentId, long SegmentBytes, uint SegmentChecksum);

internal static class LogDirectory
{
    public static byte[] Write(IReadOnlyList<LogDirectoryEntry> entries)
    {
        var bytes = new ArrayBufferWriter<byte>();
        StoredText.Append(bytes, (uint)entries.Count);
        foreach (var entry in entries)
        {
            StoredText.Append(bytes, entry.DocumentId);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(sizeof(long)), entry.SegmentBytes);
            bytes.Advance(sizeof(long));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.GetSpan(sizeof(uint)), entry.SegmentChecksum);
            bytes.Advance(sizeof(uint));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.GetSpan(sizeof(uint)), Checksum.Of(bytes.WrittenSpan));
        bytes.Advance(sizeof(uint));
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Null when it is damaged.</summary>
    public static List<LogDirectoryEntry>? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]) != Checksum.Of(bytes[..^sizeof(uint)]))
        {
            return null;
        }

        var reader = new StoredTextReader(bytes);
        var entries = new List<LogDirectoryEntry>();
        for (var count = reader.ReadNumber(); count > 0; count--)
        {
            var id = reader.ReadText();
            var length = BinaryPrimitives.ReadInt64LittleEndian(reader.ReadBytes(sizeof(long)));
            entries.Add(new LogDirectoryEntry(id, length, BinaryPrimitives.ReadUInt32LittleEndian(reader.ReadBytes(sizeof(uint)))));
        }

        return entries;
    }
}
