using System.Collections.Frozen;

namespace RagPlatform.Search.Lexical;

/// <summary>How text becomes terms. Chunks and queries of one index must be analysed with the same options.</summary>
public sealed record AnalyzerOptions
{
    /// <summary>Words of the letters a to z are reduced by <see cref="PorterStemmer"/>.</summary>
    public bool StemEnglish { get; init; } = true;

    /// <summary>Folded, unstemmed words that are neither indexed nor searched.</summary>
    public FrozenSet<string> StopWords { get; init; } = Lexical.StopWords.English;
}
