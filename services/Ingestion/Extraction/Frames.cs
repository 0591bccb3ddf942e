using System.Buffers.Binary;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>Messages between this process and a worker: four bytes of length, little-endian, then so many bytes.</summary>
internal static class Frames
{
    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> tail, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Length(head.Length + tail.Length), cancellationToken);
        await stream.WriteAsync(head, cancellationToken);
        await stream.WriteAsync(tail, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="EndOfStreamException">It ends within a frame.</exception>
    /// <exception cref="InvalidDataException">A frame is longer than <paramref name="maxBytes"/>.</exception>
    public static async Task<byte[]?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var length = new byte[sizeof(int)];
        var read = await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return null;
        }

        var bytes = read == length.Length ? BinaryPrimitives.ReadInt32LittleEndian(length) : throw new EndOfStreamException("The stream ends within a frame's length.");
        if (bytes < 0 || bytes > maxBytes)
        {
            throw new InvalidDataException($"A frame says that it has {bytes} bytes; the limit is {maxBytes}.");
        }

        var frame = GC.AllocateUninitializedArray<byte>(bytes);
        await stream.ReadExactlyAsync(frame, cancellationToken);
        return frame;
    }

    private static byte[] Length(int bytes)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes);
        return length;
    }
}
