using System.Buffers.Binary;
using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// What a gzip file unpacks to, counted before it is handed on. .NET's stream takes a file that is cut off for a shorter one; here
/// the end is one only when the length that stands in the trailer (RFC 1952, 2.3.1) is the length that was read.
/// </summary>
internal sealed class GzipContentStream(Stream unpacked, ReadOnlyMemory<byte> packed, ExtractionContext context) : ForwardStream
{
    private const string Format = "gzip file";
    private const int LengthBytes = 4;

    private long _bytes;

    public override int Read(Span<byte> buffer)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        int read;
        try
        {
            read = unpacked.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw ExtractionException.Damaged(Format, string.Create(CultureInfo.InvariantCulture, $"it cannot be unpacked after {_bytes} bytes"));
        }

        context.AddUnpackedBytes(read);
        _bytes += read;
        if (_bytes > ZipEntryStream.RatioFromBytes && _bytes / ZipEntryStream.MaxRatio > packed.Length)
        {
            throw new ExtractionException(
                ExtractionErrorCode.UnsafeArchive,
                string.Create(CultureInfo.InvariantCulture, $"content: {packed.Length} bytes unpack to {_bytes} and more; the limit is {ZipEntryStream.MaxRatio} to 1. It looks like a decompression bomb."),
                "If it is a real document, split it into smaller ones.");
        }

        if (read == 0 && !buffer.IsEmpty)
        {
            CheckEnd();
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }

    private void CheckEnd()
    {
        var declared = packed.Length < LengthBytes ? -1L : BinaryPrimitives.ReadUInt32LittleEndian(packed.Span[^LengthBytes..]);
        // Files joined end to end are one (RFC 1952, 2.2): then the trailer tells the last one's length.
        var mayBeJoined = packed.Length > 3 && packed.Span[3..].IndexOf([(byte)0x1F, (byte)0x8B, (byte)0x08]) >= 0 && declared >= 0 && declared < _bytes;
        if (declared != (_bytes & uint.MaxValue) && !mayBeJoined)
        {
            throw ExtractionException.Damaged(Format, string.Create(CultureInfo.InvariantCulture, $"it ends after {_bytes} unpacked bytes, and its trailer says otherwise: it is cut off, or something was added to it"));
        }
    }
}
