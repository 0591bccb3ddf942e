namespace RagPlatform.FineTuning.Tests.Datasets;

/// <summary>A beginning, one byte many times over, and an end: never in memory as a whole.</summary>
internal sealed class GeneratedStream(byte[] beginning, byte filler, long fillerLength, byte[] end, long afterBytes = long.MaxValue, Action? act = null) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var fillerEnd = fillerLength > long.MaxValue - beginning.Length ? long.MaxValue : beginning.Length + fillerLength;
        int read;
        if (position < beginning.Length)
        {
            read = Math.Min(buffer.Length, beginning.Length - (int)position);
            beginning.AsSpan((int)position, read).CopyTo(buffer);
        }
        else if (position < fillerEnd)
        {
            read = (int)Math.Min(buffer.Length, fillerEnd - position);
            buffer[..read].Fill(filler);
        }
        else
        {
            var at = (int)(position - fillerEnd);
            read = Math.Min(buffer.Length, end.Length - at);
            end.AsSpan(at, read).CopyTo(buffer);
        }

        position += read;
        if (position > afterBytes)
        {
            act?.Invoke();
        }

        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
