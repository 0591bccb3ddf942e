using RagPlatform.Search.Files;

namespace RagPlatform.Search.Segments;

/// <summary>The sections of a segment written by <see cref="SegmentWriter"/>, where they lie: in a mapped file or in memory.</summary>
public sealed unsafe class StoredSections : SegmentSections
{
    private readonly IMappedFile _file;
    private readonly int _count;
    private readonly SectionEntry* _table;

    /// <summary>Checks every byte, unless told that this was just done.</summary>
    /// <param name="file">Disposed with the sections; also when this fails.</param>
    /// <param name="isVerified">The bytes are known to be those that were written.</param>
    /// <exception cref="InvalidDataException">These are not the bytes of a segment, or not all of them; the message says which part is damaged.</exception>
    public StoredSections(IMappedFile file, bool isVerified)
    {
        ArgumentNullException.ThrowIfNull(file);
        _file = file;
        try
        {
            var footer = ReadFooter(file.Bytes);
            _count = footer.SectionCount;
            _table = (SectionEntry*)(file.Bytes.Pointer + footer.TableOffset);
            if (!isVerified)
            {
                Verify();
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override long Bytes => _file.Bytes.Bytes;

    /// <summary>All of them, as they were written.</summary>
    internal Section Whole => _file.Bytes;

    public override Section this[SectionId id]
    {
        get
        {
            foreach (ref readonly var entry in new ReadOnlySpan<SectionEntry>(_table, _count))
            {
                if (entry.Id == id)
                {
                    return new Section(_file.Bytes.Pointer + entry.Offset, entry.Length);
                }
            }

            throw new InvalidDataException($"The segment has no section {id}.");
        }
    }

    public override bool Has(SectionId id)
    {
        foreach (ref readonly var entry in new ReadOnlySpan<SectionEntry>(_table, _count))
        {
            if (entry.Id == id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Checks every byte.</summary>
    /// <exception cref="InvalidDataException">One of them is not what was written.</exception>
    internal void Verify()
    {
        var footer = ReadFooter(_file.Bytes);
        var start = _file.Bytes.Pointer;
        Span<byte> header = stackalloc byte[SegmentLayout.HeaderBytes];
        SegmentLayout.WriteHeader(header);
        if (!header.SequenceEqual(new ReadOnlySpan<byte>(start, header.Length)))
        {
            throw new InvalidDataException("The segment's header is damaged.");
        }

        var tableBytes = _count * sizeof(SectionEntry);
        if (Checksum.Of((byte*)_table, tableBytes) != footer.TableChecksum
            || new ReadOnlySpan<byte>(start + _file.Bytes.Bytes - 24, 24).ContainsAnyExcept((byte)0))
        {
            throw new InvalidDataException("The segment's table is damaged.");
        }

        long end = SegmentLayout.HeaderBytes;
        foreach (ref readonly var entry in new ReadOnlySpan<SectionEntry>(_table, _count))
        {
            var next = SegmentLayout.Align(entry.Offset + entry.Length);
            if (entry.Offset != end || entry.Length < 0 || next > footer.TableOffset || Checksum.Of(start + end, next - end) != entry.Checksum)
            {
                throw new InvalidDataException($"The segment's section {entry.Id} is damaged.");
            }

            end = next;
        }

        if (end != footer.TableOffset)
        {
            throw new InvalidDataException("The segment's sections do not fill it.");
        }
    }

    protected override void Dispose(bool disposing) => _file.Dispose();

    private static SegmentFooter ReadFooter(Section file)
    {
        if (file.Bytes < SegmentLayout.HeaderBytes + sizeof(SegmentFooter) || file.Bytes % 32 != 0)
        {
            throw new InvalidDataException($"The segment is cut short: {file.Bytes} bytes.");
        }

        var footer = *(SegmentFooter*)(file.Pointer + file.Bytes - sizeof(SegmentFooter));
        if (!footer.IsIntact || footer.Magic != SegmentLayout.FooterMagic)
        {
            throw new InvalidDataException("The segment's footer is damaged or missing.");
        }

        if (footer.Version != SegmentLayout.Version)
        {
            throw new InvalidDataException($"The segment is of version {footer.Version}; this program reads version {SegmentLayout.Version}.");
        }

        if (footer.Length != file.Bytes || footer.SectionCount is < 0 or > SegmentLayout.MaxSections
            || footer.TableOffset != file.Bytes - sizeof(SegmentFooter) - ((long)footer.SectionCount * sizeof(SectionEntry)))
        {
            throw new InvalidDataException($"The segment's footer is of {footer.Length} bytes, but there are {file.Bytes}.");
        }

        return footer;
    }
}
