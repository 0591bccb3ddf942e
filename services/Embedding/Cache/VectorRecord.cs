using System.Buffers.Binary;
using System.Security.Cryptography;
using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Cache;

/// <summary>
/// A passage's vector as the cache keeps it: tokens, unseen tokens (int32), the vector (dimension x fp32, nothing lost), and
/// 8 bytes of SHA-256 over the key and all of that, little-endian, so that a damaged record is told from a whole one.
/// </summary>
internal static class VectorRecord
{
    private const int HeaderBytes = 2 * sizeof(int);
    private const int ChecksumBytes = 8;

    public static byte[] Write(VectorKey key, TextEmbedding embedding)
    {
        var vector = VectorBytes.From(embedding.Vector);
        var record = new byte[HeaderBytes + vector.Length + ChecksumBytes];
        BinaryPrimitives.WriteInt32LittleEndian(record, embedding.Tokens);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(sizeof(int)), embedding.UnseenTokens);
        vector.CopyTo(record, HeaderBytes);
        Checksum(key, record.AsSpan(..^ChecksumBytes)).CopyTo(record.AsSpan(^ChecksumBytes..));
        return record;
    }

    /// <summary>Null when the record is damaged or another key's.</summary>
    public static TextEmbedding? Read(VectorKey key, ReadOnlySpan<byte> record)
    {
        if (record.Length <= HeaderBytes + ChecksumBytes || record.Length % sizeof(float) != 0
            || !Checksum(key, record[..^ChecksumBytes]).SequenceEqual(record[^ChecksumBytes..]))
        {
            return null;
        }

        var bytes = record[HeaderBytes..^ChecksumBytes];
        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return new TextEmbedding(vector, BinaryPrimitives.ReadInt32LittleEndian(record), BinaryPrimitives.ReadInt32LittleEndian(record[sizeof(int)..]));
    }

    private static ReadOnlySpan<byte> Checksum(VectorKey key, ReadOnlySpan<byte> content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key.ToBytes());
        hash.AppendData(content);
        return hash.GetHashAndReset().AsSpan(..ChecksumBytes);
    }
}
