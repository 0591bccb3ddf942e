using System.Buffers.Binary;

namespace RagPlatform.Documents;

/// <summary>Tells the kinds of ZIP apart by the names of their first entries.</summary>
internal static class ZipSignature
{
    /// <summary>Office programs and books write what tells them among the first; a larger archive is none of them.</summary>
    private const int MaxEntries = 2_000;

    private const int LocalHeaderBytes = 30;
    private const ushort HasDescriptor = 1 << 3;

    /// <param name="folder">Of the main part: "word/".</param>
    /// <returns>True for an Office Open XML package with parts in that folder, even when its end is missing.</returns>
    public static bool HasFolder(ReadOnlySpan<byte> content, ReadOnlySpan<byte> folder) =>
        ZipReader.IsZip(content) && Names(content, "[Content_Types].xml"u8, "_rels/.rels"u8) && Names(content, folder, folder);

    /// <returns>True when an entry's name starts with one of the two.</returns>
    public static bool Names(ReadOnlySpan<byte> content, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> otherPrefix)
    {
        var directory = ZipDirectory.TryFind(content);
        var position = directory ?? 0;
        for (var i = 0; i < MaxEntries && position <= content.Length - ZipDirectory.HeaderBytes; i++)
        {
            var header = content[position..];
            var isDirectory = directory is not null;
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != (isDirectory ? ZipDirectory.HeaderSignature : ZipReader.LocalHeaderSignature))
            {
                return false;
            }

            int nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[(isDirectory ? 28 : 26)..]);
            int extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[(isDirectory ? 30 : 28)..]);
            var name = header[Math.Min(header.Length, isDirectory ? ZipDirectory.HeaderBytes : LocalHeaderBytes)..];
            name = name[..Math.Min(name.Length, nameBytes)];
            if (name.StartsWith(prefix) || name.StartsWith(otherPrefix))
            {
                return true;
            }

            var packedBytes = isDirectory ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(header[18..]);
            if (!isDirectory && (BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) & HasDescriptor) != 0 && packedBytes == 0)
            {
                // Its length is told after it only.
                return false;
            }

            var next = position + (isDirectory ? ZipDirectory.HeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[32..]) : LocalHeaderBytes) + nameBytes + extraBytes + (long)packedBytes;
            if (next > content.Length)
            {
                return false;
            }

            position = (int)next;
        }

        return false;
    }
}
