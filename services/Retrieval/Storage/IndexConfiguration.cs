using System.Security.Cryptography;
using System.Text;
using RagPlatform.Search;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Storage;

/// <summary>How a new index analyses, weighs and stores, from the service's options; an index keeps what it was made with.</summary>
internal static class IndexConfiguration
{
    public static CollectionIndexOptions Of(IndexSettings settings, RetrievalOptions options) => new()
    {
        Dimension = settings.Dimension,
        Analyzer = AnalyzerOptions.For(options.Language),
        TitleWeight = options.TitleWeight,
    };

    /// <summary>The first 16 hex digits of SHA-256 over all that decides what an index holds. Two of one hash need no new index.</summary>
    public static string HashOf(IndexSettings settings, CollectionIndexOptions options)
    {
        byte[] decisive = [.. Encoding.UTF8.GetBytes(settings.Model), 0, .. IndexOptionsJson.Write(options)];
        return Convert.ToHexStringLower(SHA256.HashData(decisive).AsSpan(0, 8));
    }
}
