using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Contracts;

/// <summary>Chunk ids are a function of what the chunk is, so that a redelivered message changes nothing.</summary>
public static class ChunkId
{
    /// <summary>32 hex digits: the first half of SHA-256 over tenant, collection, document id, content hash and ordinal.</summary>
    public static string Create(DocumentKey document, string contentHash, int ordinal)
    {
        ArgumentNullException.ThrowIfNull(document);
        var identity = string.Join('\n', document.Tenant, document.Collection, document.DocumentId, contentHash, ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16));
    }
}
