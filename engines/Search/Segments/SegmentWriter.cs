using System.Runtime.InteropServices;
using RagPlatform.Search.Files;

namespace RagPlatform.Search.Segments;

/// <summary>Writes a segment (<see cref="SegmentLayout"/>) at the end of an empty file. Not synchronised.</summary>
public sealed class SegmentWriter : ISectionWriter, IDisposable
{
    private readonly IAppendFile _file;
    private readonly SectionStream _stream;
    private readonly List<SectionEntry> _sections = [];

    public SegmentWriter(IAppendFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Length != 0)
        {
            throw new ArgumentException($"A segment begins its file; this one has {file.Length} bytes.", nameof(file));
        }

        _file = file;
        _stream = new SectionStream(file);
        Span<byte> header = stackalloc byte[SegmentLayout.HeaderBytes];
        SegmentLayout.WriteHeader(header);
        file.Append(header);
    }

    public Stream Begin(SectionId id)
    {
        EndSection();
        if (_sections.Exists(section => section.Id == id) || id == SectionId.None)
        {
            throw new InvalidOperationException($"Section {id} was written before or is none.");
        }

        _sections.Add(new SectionEntry(id, 0, _file.Length, 0));
        _stream.Restart();
        return _stream;
    }

    /// <summary>Completes the segment; durable once the file is flushed.</summary>
    public void Finish()
    {
        EndSection();
        var offset = _file.Length;
        var table = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_sections));
        _file.Append(table);
        var footer = new SegmentFooter(
            SegmentLayout.FooterMagic, SegmentLayout.Version, _sections.Count, offset,
            offset + table.Length + Marshal.SizeOf<SegmentFooter>(), Checksum.Of(table), 0).Sealed();
        _file.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<SegmentFooter>(ref footer)));
    }

    /// <summary>Ends the stream handed out; the file stays the caller's.</summary>
    public void Dispose() => _stream.Dispose();

    private void EndSection()
    {
        if (_sections.Count == 0)
        {
            return;
        }

        var section = _sections[^1];
        var length = _file.Length - section.Offset;
        Span<byte> zeros = stackalloc byte[SegmentLayout.Alignment];
        zeros.Clear();
        _stream.Write(zeros[..(int)(SegmentLayout.Align(_file.Length) - _file.Length)]);
        _sections[^1] = section with { Checksum = _stream.Checksum, Length = length };
    }

    private sealed class SectionStream(IAppendFile file) : Stream
    {
        public uint Checksum { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Restart() => Checksum = 0;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Checksum = Segments.Checksum.Extend(Checksum, buffer);
            file.Append(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void WriteByte(byte value) => Write([value]);

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
