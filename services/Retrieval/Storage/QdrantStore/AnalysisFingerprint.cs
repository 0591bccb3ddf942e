using System.Security.Cryptography;
using System.Text;
using RagPlatform.Search;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>Tells whether texts become the same terms: a program that analyses otherwise would ask for terms that an index does not have.</summary>
internal static class AnalysisFingerprint
{
    private const int Bytes = 8;

    /// <summary>Some of everything that analysis treats in a way of its own.</summary>
    private const string Sample = "The AppHost.cs of Straße 12 runs --distributed: naïve façades, 漢字かな交じり文, don't, C++, x86_64, 3.14, running ponies' HTTPServer2, Häuser, chevaux, ciudades";

    /// <returns>16 hex digits.</returns>
    public static string Of(CollectionIndexOptions options)
    {
        var terms = ChunkTerms.Of(new TextAnalyzer(options.Analyzer), options, "", [], Sample).Counts.Select(term => term.Key);
        var decisive = terms.Order(StringComparer.Ordinal).Append("\n").Concat(options.Analyzer.StopWords.Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', decisive))).AsSpan(0, Bytes));
    }
}
