using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace RagPlatform.FineTuning.Loop;

/// <summary>
/// A checkpoint's file: a head of fixed size, then the state. The head holds the state's length and its CRC-32C (RFC 3720,
/// appendix B.4), and a CRC-32C of its own, so that a file cut off or changed anywhere is known as damaged.
/// </summary>
internal static class CheckpointFile
{
    private const int HeadBytes = 64;
    private const int ReadBytes = 1 << 20;
    private const ulong Magic = 0x3150_4B43_4741_5231;

    /// <summary>Writes the file anew and flushes it to the disk.</summary>
    public static void Write(string path, CheckpointDescription checkpoint, Action<Stream> write)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, ReadBytes);
        file.Write(new byte[HeadBytes]);
        write(file);
        file.Flush();
        file.Position = HeadBytes;
        var head = Head(checkpoint, file.Length - HeadBytes, Checksum(file));
        file.Position = 0;
        file.Write(head);
        file.Flush(flushToDisk: true);
    }

    /// <summary>What the file says that it is; null where its head is damaged.</summary>
    public static CheckpointDescription? Describe(string path)
    {
        using var file = File.OpenRead(path);
        return ReadHead(file)?.Checkpoint;
    }

    /// <summary>The state, where all of the file is as it was written; null otherwise. The caller disposes it.</summary>
    public static (CheckpointDescription Checkpoint, Stream State)? Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, ReadBytes);
        if (ReadHead(file) is { } head && head.StateBytes == file.Length - HeadBytes && Checksum(file) == head.StateChecksum)
        {
            file.Position = HeadBytes;
            return (head.Checkpoint, file);
        }

        file.Dispose();
        return null;
    }

    private static byte[] Head(CheckpointDescription checkpoint, long stateBytes, uint stateChecksum)
    {
        var head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(head, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(8), checkpoint.Step);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(16), stateBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(24), stateChecksum);
        head[28] = checkpoint.IsBest ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteDoubleLittleEndian(head.AsSpan(32), checkpoint.Score ?? double.NaN);
        BinaryPrimitives.WriteDoubleLittleEndian(head.AsSpan(40), checkpoint.Loss ?? double.NaN);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(HeadBytes - 4), Extend(0, head.AsSpan(0, HeadBytes - 4)));
        return head;
    }

    private static (CheckpointDescription Checkpoint, long StateBytes, uint StateChecksum)? ReadHead(Stream file)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        if (file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(head) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(head[(HeadBytes - 4)..]) != Extend(0, head[..(HeadBytes - 4)]))
        {
            return null;
        }

        var checkpoint = new CheckpointDescription(
            BinaryPrimitives.ReadInt64LittleEndian(head[8..]), Number(head[32..]), Number(head[40..]), head[28] == 1);
        return (checkpoint, BinaryPrimitives.ReadInt64LittleEndian(head[16..]), BinaryPrimitives.ReadUInt32LittleEndian(head[24..]));
    }

    private static double? Number(ReadOnlySpan<byte> bytes)
    {
        var number = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
        return double.IsNaN(number) ? null : number;
    }

    /// <summary>Of the rest of the stream.</summary>
    private static uint Checksum(Stream stream)
    {
        var buffer = new byte[ReadBytes];
        var checksum = 0u;
        for (var read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            checksum = Extend(checksum, buffer.AsSpan(0, read));
        }

        return checksum;
    }

    /// <summary>The CRC-32C of what <paramref name="checksum"/> is of, followed by <paramref name="bytes"/>.</summary>
    private static uint Extend(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var rest = ~checksum;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            rest = BitOperations.Crc32C(rest, word);
        }

        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
        {
            rest = BitOperations.Crc32C(rest, value);
        }

        return ~rest;
    }
}
