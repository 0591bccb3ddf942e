using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// The bytes of an XML part, counted from node to node: XmlReader holds a tag with all its attributes, or a text, as one,
/// however long they are, and its time for a tag grows with the square of its attributes.
/// </summary>
internal sealed class NodeStream(Stream stream, string path, string format) : Stream
{
    /// <summary>Of one tag, text or comment: 8 MiB.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Of one tag. In a text they are characters; an Excel cell holds at most 32,767 of any.</summary>
    private const int MaxEqualsSigns = 65_536;

    private long _bytes;
    private int _equalsSigns;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void StartNode()
    {
        _bytes = 0;
        _equalsSigns = 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = stream.Read(buffer);
        _bytes += read;
        _equalsSigns += buffer[..read].Count((byte)'=');
        return _bytes <= MaxBytes && _equalsSigns <= MaxEqualsSigns ? read : throw new ExtractionException(
            ExtractionErrorCode.TooLarge,
            string.Create(CultureInfo.InvariantCulture, $"content: {path} in the {format} holds a tag or a text of more than {MaxBytes} bytes or {MaxEqualsSigns} attributes, which are the limits."),
            "Split the document into smaller ones.");
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
            stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
