using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Ingestion.Features.PutDocument;

/// <summary>What makes two submissions the same version: SHA-256 over all that a reader could see of them.</summary>
public static class VersionHash
{
    /// <summary>64 lower-case hex digits. Each part goes in with its length before it, so that no two lists of parts meet.</summary>
    public static string Compute(string contentType, string title, string uri, IReadOnlyDictionary<string, string> metadata, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, contentType);
        Append(hash, title);
        Append(hash, uri);
        Append(hash, metadata.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Append(hash, key);
            Append(hash, value);
        }

        Append(hash, content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string part) => Append(hash, Encoding.UTF8.GetBytes(part));

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
