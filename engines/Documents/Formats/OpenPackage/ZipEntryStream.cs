using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// The unpacked bytes of an entry, read once, forward. Every byte is counted before it is handed on; the end is one only when
/// length and checksum are as declared, so that a damaged entry is never taken for a shorter one.
/// </summary>
internal sealed class ZipEntryStream(Stream unpacked, ZipEntry entry, string format, ExtractionContext context) : Stream
{
    /// <summary>Unpacked to packed. Deflate can reach 1,032; sheets full of one number, the most repetitive of real files, about 100.</summary>
    public const int MaxRatio = 300;

    /// <summary>From here on the ratio counts: small entries may well be all alike. 4 MiB.</summary>
    public const int RatioFromBytes = 4 * 1024 * 1024;

    private long _bytes;
    private uint _checksum;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        int read;
        try
        {
            read = unpacked.Read(buffer);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Damaged("cannot be unpacked after");
        }

        context.AddUnpackedBytes(read);
        _bytes += read;
        if (_bytes > RatioFromBytes && _bytes / MaxRatio > entry.PackedBytes)
        {
            throw new ExtractionException(
                ExtractionErrorCode.UnsafeArchive,
                string.Create(CultureInfo.InvariantCulture, $"content: {entry.Path} in the {format} unpacks {entry.PackedBytes} bytes to {_bytes} and more; the limit is {MaxRatio} to 1. It looks like a decompression bomb."),
                "If it is a real document, split it into smaller ones.");
        }

        if (_bytes > entry.DeclaredBytes)
        {
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"declares {entry.DeclaredBytes} bytes and has more than"));
        }

        _checksum = Crc32.Append(_checksum, buffer[..read]);
        if (read == 0)
        {
            _ended = true;
            if (_bytes != entry.DeclaredBytes)
            {
                throw Damaged(string.Create(CultureInfo.InvariantCulture, $"declares {entry.DeclaredBytes} bytes and ends after"));
            }

            if (_checksum != entry.Checksum)
            {
                throw Damaged("has not the checksum it should have after");
            }
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private ExtractionException Damaged(string problem) => ExtractionException.Damaged(
        format, string.Create(CultureInfo.InvariantCulture, $"{entry.Path} {problem} {_bytes} bytes"));
}
