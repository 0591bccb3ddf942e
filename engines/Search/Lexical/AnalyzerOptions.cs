using System.Collections.Frozen;

namespace RagPlatform.Search.Lexical;

/// <summary>How text becomes terms. Chunks and queries of one index must be analysed with the same options.</summary>
public sealed record AnalyzerOptions
{
    /// <summary>Words of the letters a to z, once folded, lose this language's endings.</summary>
    public AnalyzerLanguage Language { get; init; } = AnalyzerLanguage.English;

    /// <summary>Folded, unstemmed words that are neither indexed nor searched.</summary>
    public FrozenSet<string> StopWords { get; init; } = Lexical.StopWords.English;

    /// <summary>A language with its own stop words.</summary>
    public static AnalyzerOptions For(AnalyzerLanguage language) => new() { Language = language, StopWords = Lexical.StopWords.Of(language) };
}
