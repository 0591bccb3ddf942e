using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Embedding.Cache;

/// <summary>SHA-256 of everything that a passage's vector depends on.</summary>
internal readonly record struct VectorKey(UInt128 High, UInt128 Low)
{
    public const int Bytes = SHA256.HashSizeInBytes;

    /// <summary>To be raised when this program begins to compute other vectors from the same files and texts.</summary>
    private const int Generation = 1;

    /// <param name="fingerprint">The model: its id, files, precision (<see cref="Serving.IEmbeddingModel.Fingerprint"/>).</param>
    /// <param name="text">The passage, composed with title and headings.</param>
    public static VectorKey OfPassage(string fingerprint, string text) =>
        From(SHA256.HashData(Encoding.UTF8.GetBytes($"{Generation}\0{fingerprint}\0passage\0{text}")));

    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(Bytes / 2), Low);
        return bytes;
    }

    private static VectorKey From(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[(Bytes / 2)..]));
}
