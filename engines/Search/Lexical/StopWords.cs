using System.Collections.Frozen;

namespace RagPlatform.Search.Lexical;

/// <summary>Words too common to tell one chunk from another. What an apostrophe leaves behind ("s", "t") is among them.</summary>
public static class StopWords
{
    public static readonly FrozenSet<string> None = FrozenSet<string>.Empty;

    /// <summary>Function words and question words of English.</summary>
    public static readonly FrozenSet<string> English = new[]
    {
        "a", "about", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does", "for", "from",
        "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or",
        "our", "s", "so", "such", "t", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
        "those", "to", "was", "we", "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will",
        "with", "would", "you", "your",
    }.ToFrozenSet(StringComparer.Ordinal);
}
