using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>
/// The directory at the end of a ZIP (PKWARE APPNOTE 6.3.10, 4.3.12 to 4.3.16). It is read by hand because it has to be bounded
/// while it is read: .NET's ZipArchive builds an object for every header before it can be asked how many there are.
/// </summary>
internal static class ZipDirectory
{
    /// <summary>As many as a ZIP can count without Zip64.</summary>
    public const int MaxEntries = 65_535;

    private const uint EndSignature = 0x06054B50;
    private const uint Zip64EndSignature = 0x06064B50;
    private const uint Zip64LocatorSignature = 0x07064B50;
    public const uint HeaderSignature = 0x02014B50;
    private const int EndBytes = 22;
    private const int Zip64LocatorBytes = 20;
    private const int Zip64EndBytes = 56;
    public const int HeaderBytes = 46;
    private const int MaxCommentBytes = ushort.MaxValue;
    private const ushort Zip64Field = 1;
    private const ushort EncryptedFlag = 1;
    private const ushort Utf8Flag = 1 << 11;

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Code page 437, which names without the UTF-8 flag are in (APPNOTE D.1).</summary>
    private static readonly Encoding Dos = CodePagesEncodingProvider.Instance.GetEncoding(437)!;

    public static IReadOnlyList<ZipEntry> Read(ReadOnlySpan<byte> content, string format, CancellationToken cancellationToken)
    {
        var (position, end) = Find(content, format);
        var entries = new List<ZipEntry>();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var count = 0; position < end; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (count == MaxEntries)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.TooLarge,
                    string.Create(CultureInfo.InvariantCulture, $"content holds more than {MaxEntries} entries, which is the limit of a ZIP."),
                    "Split the archive into smaller ones.");
            }

            var header = content[position..end];
            if (header.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(header) != HeaderSignature)
            {
                throw Broken(format, position);
            }

            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            var extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[30..]);
            var length = HeaderBytes + nameBytes + extraBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[32..]);
            if (length > header.Length)
            {
                throw Broken(format, position);
            }

            var path = ArchivePath.Checked(Name(header.Slice(HeaderBytes, nameBytes), BinaryPrimitives.ReadUInt16LittleEndian(header[8..])), format);
            if (path.Length > 0 && !path.EndsWith('/'))
            {
                if (!paths.Add(path))
                {
                    throw ArchivePath.Unsafe(format, $"names \"{path}\" twice");
                }

                entries.Add(Entry(path, header, header.Slice(HeaderBytes + nameBytes, extraBytes), content.Length, format));
            }

            position += length;
        }

        return entries;
    }

    /// <summary>Where the directory starts, or null where there is none.</summary>
    public static int? TryFind(ReadOnlySpan<byte> content) => EndRecord(content) is { } end && Range(content, end) is var (start, _) ? start : null;

    private static (int Start, int End) Find(ReadOnlySpan<byte> content, string format)
    {
        var end = EndRecord(content) ?? throw ExtractionException.Damaged(
            format, string.Create(CultureInfo.InvariantCulture, $"the directory that ends a ZIP is missing from its {content.Length} bytes: it is cut off, or no ZIP"));
        return Range(content, end) ?? throw Broken(format, end);
    }

    private static int? EndRecord(ReadOnlySpan<byte> content)
    {
        var last = content.Length - EndBytes;
        for (var end = last; end >= Math.Max(0, last - MaxCommentBytes); end--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(content[end..]) == EndSignature)
            {
                return end;
            }
        }

        return null;
    }

    /// <summary>Null when what the end record says cannot be.</summary>
    private static (int Start, int End)? Range(ReadOnlySpan<byte> content, int end)
    {
        var record = content[end..];
        long size = BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (end >= Zip64LocatorBytes && BinaryPrimitives.ReadUInt32LittleEndian(content[(end - Zip64LocatorBytes)..]) == Zip64LocatorSignature)
        {
            var position = BinaryPrimitives.ReadUInt64LittleEndian(content[(end - Zip64LocatorBytes + 8)..]);
            if (position > (ulong)Math.Max(0, content.Length - Zip64EndBytes) || BinaryPrimitives.ReadUInt32LittleEndian(content[(int)position..]) != Zip64EndSignature)
            {
                return null;
            }

            size = BinaryPrimitives.ReadInt64LittleEndian(content[((int)position + 40)..]);
            start = BinaryPrimitives.ReadInt64LittleEndian(content[((int)position + 48)..]);
        }

        return start >= 0 && size >= 0 && start <= end && size <= end - start ? ((int)start, (int)(start + size)) : null;
    }

    private static ZipEntry Entry(string path, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra, int contentBytes, string format)
    {
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        long unpacked = BinaryPrimitives.ReadUInt32LittleEndian(header[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(header[42..]);
        var wide = Wide(extra);
        TakeWide(ref unpacked, ref wide);
        TakeWide(ref packed, ref wide);
        TakeWide(ref offset, ref wide);
        return packed >= 0 && unpacked >= 0 && offset >= 0 && packed <= contentBytes && offset <= contentBytes
            ? new ZipEntry(
                path,
                BinaryPrimitives.ReadUInt16LittleEndian(header[10..]),
                (BinaryPrimitives.ReadUInt16LittleEndian(header[8..]) & EncryptedFlag) != 0,
                BinaryPrimitives.ReadUInt32LittleEndian(header[16..]),
                (int)packed,
                unpacked,
                (int)offset)
            : throw ExtractionException.Damaged(format, string.Create(CultureInfo.InvariantCulture, $"{path} is said to take {packed} bytes at byte {offset}, of {contentBytes} bytes in all"));
    }

    /// <summary>The Zip64 extra field: those of size, packed size and offset that do not fit into 32 bits, in this order.</summary>
    private static ReadOnlySpan<byte> Wide(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                return [];
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64Field)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static void TakeWide(ref long value, ref ReadOnlySpan<byte> wide)
    {
        if (value == uint.MaxValue && wide.Length >= sizeof(long))
        {
            value = BinaryPrimitives.ReadInt64LittleEndian(wide);
            wide = wide[sizeof(long)..];
        }
    }

    private static string Name(ReadOnlySpan<byte> name, ushort flags)
    {
        try
        {
            // Most programs write UTF-8, with the flag or without.
            return Utf8.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return ((flags & Utf8Flag) != 0 ? Encoding.UTF8 : Dos).GetString(name);
        }
    }

    private static ExtractionException Broken(string format, int position) => ExtractionException.Damaged(
        format, string.Create(CultureInfo.InvariantCulture, $"the ZIP directory is broken at byte {position}"));
}
