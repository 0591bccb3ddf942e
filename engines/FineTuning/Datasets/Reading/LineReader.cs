namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Cuts a stream into lines in memory of one line at most; what is longer is skipped while it is read.</summary>
internal sealed class LineReader(Stream stream, TrainingFileLimits limits)
{
    private const int BlockBytes = 64 * 1024;

    private byte[] buffer = new byte[BlockBytes];
    private int start;
    private int end;
    private int number;
    private bool isEnded;

    /// <summary>From the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The stream has more bytes than a file may have.</summary>
    public bool IsCut { get; private set; }

    private long Offset => BytesRead - (end - start);

    /// <summary>The next line; null after the last. A file that is cut ends with the last line that lies whole below the limit.</summary>
    public Line? Read(CancellationToken cancellationToken)
    {
        var scanned = 0;
        while (true)
        {
            var found = buffer.AsSpan(start + scanned, end - start - scanned).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return Take(scanned + found, 1);
            }

            scanned = end - start;
            if (scanned > limits.MaxLineBytes + 1)
            {
                return Skip(cancellationToken);
            }

            if (!Fill(cancellationToken))
            {
                return scanned == 0 || IsCut ? null : Take(scanned, 0);
            }
        }
    }

    private Line Take(int length, int terminator)
    {
        var offset = Offset;
        var bytes = buffer.AsMemory(start, length);
        start += length + terminator;
        if (length > 0 && bytes.Span[^1] == '\r')
        {
            bytes = bytes[..^1];
        }

        if (number == 0 && bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
            offset += 3;
        }

        return bytes.Length > limits.MaxLineBytes
            ? new Line(++number, offset, bytes.Length, ReadOnlyMemory<byte>.Empty, IsTooLong: true)
            : new Line(++number, offset, bytes.Length, bytes, IsTooLong: false);
    }

    private Line Skip(CancellationToken cancellationToken)
    {
        var offset = Offset;
        while (true)
        {
            var found = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            start = found < 0 ? end : start + found;
            var length = Offset - offset;
            if (found >= 0)
            {
                start++;
                return new Line(++number, offset, length, ReadOnlyMemory<byte>.Empty, IsTooLong: true);
            }

            if (!Fill(cancellationToken))
            {
                return new Line(++number, offset, length, ReadOnlyMemory<byte>.Empty, IsTooLong: true);
            }
        }
    }

    private bool Fill(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (isEnded)
        {
            return false;
        }

        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            // By doubling; never beyond the longest line with its end and one block.
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, limits.MaxLineBytes + (long)BlockBytes));
        }

        var wanted = (int)Math.Min(buffer.Length - end, limits.MaxBytes - BytesRead);
        if (wanted == 0)
        {
            (IsCut, isEnded) = (stream.ReadByte() >= 0, true);
            return false;
        }

        var read = stream.Read(buffer, end, wanted);
        end += read;
        BytesRead += read;
        isEnded = read == 0;
        return read > 0;
    }
}
