using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// Point ids are a function of what the point is, so that a repeated request changes nothing: UUIDs of version 8
/// (RFC 9562, section 5.8) from the first 16 bytes of a SHA-256.
/// </summary>
internal static class PointIds
{
    public static readonly Guid Index = Of("index");

    public static Guid Document(string documentId) => Of("document\n" + documentId);

    public static Guid Chunk(string revision, string chunkId) => Of($"chunk\n{revision}\n{chunkId}");

    private static Guid Of(string identity)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(identity), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
