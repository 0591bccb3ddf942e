using System.Runtime.InteropServices;

namespace RagPlatform.Search.Segments;

/// <summary>
/// How a segment lies in a file, in the log and in memory; little-endian throughout.
/// <code>
/// header    64 bytes   magic, version, zeros
/// sections             each from a multiple of 64 bytes on, filled up with zeros to the next one
/// table     32 bytes a section, in the order of the sections: id, checksum, offset, length
/// footer    64 bytes   magic, version, section count, table offset, length of the whole, checksums of table and footer
/// </code>
/// A section's checksum covers its filling too, and the header is a constant: every byte is checked once by whoever
/// opens the segment. The table stands last because files are only ever appended to.
/// </summary>
internal static class SegmentLayout
{
    public const int Alignment = 64;
    public const int HeaderBytes = 64;

    /// <summary>"RAGSEGMT" as it is read in a file.</summary>
    public const ulong HeaderMagic = 0x544D_4745_5347_4152;

    /// <summary>"RAGSEGND".</summary>
    public const ulong FooterMagic = 0x444E_4745_5347_4152;

    /// <summary>Of the layout, and of all sections together: whoever changes what a section means counts it up.</summary>
    public const uint Version = 1;

    public const int MaxSections = 256;

    public static long Align(long offset) => (offset + Alignment - 1) & -Alignment;

    public static void WriteHeader(Span<byte> header)
    {
        header.Clear();
        MemoryMarshal.Write(header, HeaderMagic);
        MemoryMarshal.Write(header[sizeof(ulong)..], Version);
    }
}

[StructLayout(LayoutKind.Sequential, Size = 32)]
internal readonly record struct SectionEntry(SectionId Id, uint Checksum, long Offset, long Length);

/// <param name="Checksum">Of the fields before it; the bytes after it are zeros.</param>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal readonly record struct SegmentFooter(
    ulong Magic, uint Version, int SectionCount, long TableOffset, long Length, uint TableChecksum, uint Checksum)
{
    private const int CheckedBytes = 36;

    public SegmentFooter Sealed() => this with { Checksum = ChecksumOf() };

    public bool IsIntact => Checksum == ChecksumOf();

    private uint ChecksumOf()
    {
        var footer = this;
        return Segments.Checksum.Of(MemoryMarshal.AsBytes(new Span<SegmentFooter>(ref footer))[..CheckedBytes]);
    }
}
