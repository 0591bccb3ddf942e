using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// Names a writing of a document by all that is written. Two writings of one version that differ are kept apart until one
/// of them is made visible; a repeated one finds its own points.
/// </summary>
internal static class Revision
{
    private const int Bytes = 16;

    /// <returns>32 hex digits.</returns>
    public static string Of(IndexedDocument document)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, document.DocumentId);
        Add(hash, document.Version);
        Add(hash, document.Title);
        Add(hash, document.Uri);
        Add(hash, document.Metadata.Count);
        foreach (var (key, value) in document.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Add(hash, key);
            Add(hash, value);
        }

        foreach (var chunk in document.Chunks)
        {
            Add(hash, chunk);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, Bytes));
    }

    private static void Add(IncrementalHash hash, IndexedChunk chunk)
    {
        Add(hash, chunk.ChunkId);
        Add(hash, chunk.Ordinal);
        Add(hash, chunk.HeadingPath.Count);
        foreach (var heading in chunk.HeadingPath)
        {
            Add(hash, heading);
        }

        Add(hash, chunk.Text);
        Add(hash, chunk.StartOffset);
        Add(hash, chunk.EndOffset);
        Add(hash, chunk.Vector.Length);
        hash.AppendData(MemoryMarshal.AsBytes(chunk.Vector.Span));
    }

    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
