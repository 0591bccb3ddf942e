using System.Runtime.InteropServices;

namespace RagPlatform.Search.Segments.Log;

/// <summary>
/// How operations lie in a write-ahead log; little-endian, everything from a multiple of 64 bytes on, filled up with zeros.
/// <code>
/// mark        64 bytes   how long the frame is and where it stands in the sequence
/// directory              what each operation is about: document, version, length and checksum of its segment
/// segments               of the documents that are replaced
/// directory              once more
/// mark                   once more, with another magic number
/// </code>
/// A frame is appended and flushed as one: all operations that waited together, or a frame without any when the log is
/// closed. A frame that is followed by another one was acknowledged, so damage in it is damage and not a torn write; and
/// because what it is about stands in it twice, far apart, it is known which documents the damage concerns.
/// </summary>
/// <param name="Sequence">Counted up by one from frame to frame, over all logs of an index.</param>
/// <param name="FrameBytes">From mark to mark, both included.</param>
/// <param name="DirectoryBytes">Of one copy, without its filling.</param>
/// <param name="Checksum">Of the fields before it.</param>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal readonly record struct LogFrameMark(ulong Magic, long Sequence, long FrameBytes, int DirectoryBytes, uint Checksum)
{
    public const int Bytes = 64;

    /// <summary>"RAGFRAME" as it is read in a file.</summary>
    public const ulong Begin = 0x454D_4152_4647_4152;

    /// <summary>"RAGFREND".</summary>
    public const ulong End = 0x444E_4552_4647_4152;

    private const int CheckedBytes = 28;

    public static LogFrameMark Of(ulong magic, long sequence, long frameBytes, int directoryBytes)
    {
        var mark = new LogFrameMark(magic, sequence, frameBytes, directoryBytes, 0);
        return mark with { Checksum = mark.ChecksumOf() };
    }

    public bool IsIntact(ulong magic) =>
        Magic == magic && Checksum == ChecksumOf()
        && DirectoryBytes >= 0 && FrameBytes >= (2 * Bytes) + (2 * SegmentLayout.Align(DirectoryBytes)) && FrameBytes % SegmentLayout.Alignment == 0;

    private uint ChecksumOf()
    {
        var mark = this;
        return Segments.Checksum.Of(MemoryMarshal.AsBytes(new Span<LogFrameMark>(ref mark))[..CheckedBytes]);
    }
}
