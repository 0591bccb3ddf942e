using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace RagPlatform.Documents;

/// <summary>
/// The files of a ZIP that may be hostile: entries are counted, their paths checked, and what they unpack to is counted
/// against the whole extraction while it is read, whatever the archive declares.
/// </summary>
internal sealed class ZipReader
{
    public const uint LocalHeaderSignature = 0x04034B50;
    private const int LocalHeaderBytes = 30;
    private const int Stored = 0;
    private const int Deflated = 8;

    private readonly ReadOnlyMemory<byte> _content;
    private readonly string _format;
    private readonly ExtractionContext _context;
    private readonly Dictionary<string, ZipEntry> _byPath = new(StringComparer.OrdinalIgnoreCase);

    private ZipReader(ReadOnlyMemory<byte> content, string format, ExtractionContext context, IReadOnlyList<ZipEntry> entries)
    {
        _content = content;
        _format = format;
        _context = context;
        Entries = entries;
        foreach (var entry in entries)
        {
            _byPath.TryAdd(entry.Path, entry);
        }
    }

    /// <summary>Files in the order of the directory, without folders; at most <see cref="ZipDirectory.MaxEntries"/>.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>True for the signatures that a ZIP starts with: a local header's, or that of an empty directory.</summary>
    public static bool IsZip(ReadOnlySpan<byte> content) => content.StartsWith("PK\x03\x04"u8) || content.StartsWith("PK\x05\x06"u8);

    /// <param name="format">For messages, as people call it: "DOCX", "ZIP".</param>
    /// <exception cref="ExtractionException">Damaged, TooLarge (too many entries) or UnsafeArchive (paths that lead out, or the same twice).</exception>
    public static ZipReader Open(ReadOnlyMemory<byte> content, string format, ExtractionContext context) =>
        new(content, format, context, ZipDirectory.Read(content.Span, format, context.CancellationToken));

    /// <summary>Letter case does not count, as in the parts of an Office file (ECMA-376 part 2).</summary>
    public ZipEntry? Find(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Reading it counts, and fails at the bytes that are too many, or at its end when it is not what was declared.</summary>
    /// <exception cref="ExtractionException">Encrypted, or Damaged; while reading also TooLarge and UnsafeArchive.</exception>
    public Stream OpenRead(ZipEntry entry)
    {
        if (entry.IsEncrypted)
        {
            throw new ExtractionException(
                ExtractionErrorCode.Encrypted,
                $"content: {entry.Path} in the {_format} is encrypted.",
                $"Save the {_format} without a password and send it again.");
        }

        var packed = Packed(entry);
        return entry.Method switch
        {
            Stored => new ZipEntryStream(AsStream(packed), entry, _format, _context),
            Deflated => new ZipEntryStream(new DeflateStream(AsStream(packed), CompressionMode.Decompress), entry, _format, _context),
            _ => throw ExtractionException.Damaged(_format, string.Create(CultureInfo.InvariantCulture, $"{entry.Path} is packed by method {entry.Method}; only 0 (stored) and 8 (deflate) are read")),
        };
    }

    /// <summary>All of an entry.</summary>
    /// <exception cref="ExtractionException">As <see cref="OpenRead"/>; TooLarge also when it is more than a document may have.</exception>
    public byte[] ReadAllBytes(ZipEntry entry)
    {
        using var stream = OpenRead(entry);
        using var unpacked = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0;)
        {
            unpacked.Write(buffer, 0, read);
            if (unpacked.Length > DocumentExtractor.MaxContentBytes)
            {
                throw new ExtractionException(
                    ExtractionErrorCode.TooLarge,
                    $"content: {entry.Path} in the {_format} unpacks to more than {DocumentExtractor.MaxContentBytes} bytes, which is the limit.",
                    "Split it into smaller documents.");
            }
        }

        return unpacked.ToArray();
    }

    private ReadOnlyMemory<byte> Packed(ZipEntry entry)
    {
        var header = _content.Span[Math.Min(entry.HeaderOffset, _content.Length)..];
        if (header.Length < LocalHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalHeaderSignature)
        {
            throw ExtractionException.Damaged(_format, string.Create(CultureInfo.InvariantCulture, $"{entry.Path} is not at byte {entry.HeaderOffset}, where the ZIP directory says it is"));
        }

        var start = (long)entry.HeaderOffset + LocalHeaderBytes + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        return start + entry.PackedBytes <= _content.Length
            ? _content.Slice((int)start, entry.PackedBytes)
            : throw ExtractionException.Damaged(_format, string.Create(CultureInfo.InvariantCulture, $"{entry.Path} ends after the last of {_content.Length} bytes"));
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var segment)
        ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);
}
