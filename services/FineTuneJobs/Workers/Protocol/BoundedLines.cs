using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace RagPlatform.FineTuneJobs.Workers.Protocol;

/// <summary>Lines of a stream that somebody else writes: memory is bounded by the longest that is allowed.</summary>
internal static class BoundedLines
{
    /// <summary>Without their ends; what comes after the last end is a line, too, unless it is empty.</summary>
    /// <exception cref="ProtocolException">A line is longer than <paramref name="maxBytes"/>.</exception>
    public static async IAsyncEnumerable<byte[]> ReadAsync(Stream stream, int maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    yield return Bounded(buffer.Slice(0, end), maxBytes);
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (read.IsCompleted)
                {
                    if (!buffer.IsEmpty)
                    {
                        yield return Bounded(buffer, maxBytes);
                    }

                    yield break;
                }

                _ = Bounded(buffer.Length, maxBytes);
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static byte[] Bounded(ReadOnlySequence<byte> line, int maxBytes)
    {
        _ = Bounded(line.Length, maxBytes);
        return line.ToArray();
    }

    private static long Bounded(long bytes, int maxBytes) =>
        bytes <= maxBytes ? bytes : throw new ProtocolException($"a line has more than {maxBytes} bytes, which is the limit.");
}
