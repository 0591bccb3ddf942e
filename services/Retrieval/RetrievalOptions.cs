using System.ComponentModel.DataAnnotations;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval;

/// <summary>Bound from "Retrieval"; validated when the host starts.</summary>
public sealed class RetrievalOptions
{
    public const string Section = "Retrieval";

    /// <summary>Files under the data directory, searched in this process.</summary>
    public const string EmbeddedStore = "embedded";

    /// <summary>A Qdrant server.</summary>
    public const string QdrantStore = "qdrant";

    /// <summary>Where the indexes of new collections live, unless they are created elsewhere.</summary>
    [AllowedValues(EmbeddedStore, QdrantStore, ErrorMessage = $"Retrieval:Store must be '{EmbeddedStore}' or '{QdrantStore}'.")]
    public string Store { get; set; } = EmbeddedStore;

    /// <summary>The share of vectors in a hit's score where the request does not say: 0 (BM25 alone) to 1 (vectors alone).</summary>
    [Range(0.0, 1.0)]
    public double VectorWeight { get; set; } = 0.5;

    /// <summary>What one appearance of a term in a title counts for, against 1 in headings and text: 1 to 16. An index keeps what it was made with.</summary>
    [Range(1, 16)]
    public int TitleWeight { get; set; } = 3;

    /// <summary>Whose endings are taken off words, and whose stop words are left out. An index keeps what it was made with.</summary>
    [EnumDataType(typeof(AnalyzerLanguage))]
    public AnalyzerLanguage Language { get; set; } = AnalyzerLanguage.English;

    /// <summary>Messages handled at once, per queue: 1 to 64.</summary>
    [Range(1, 64)]
    public int ConcurrentMessages { get; set; } = 8;

    /// <summary>Messages taken from the broker ahead of time, per queue: 1 to 1,000. Each is at most 1 MiB.</summary>
    [Range(1, 1000)]
    public int PrefetchedMessages { get; set; } = 32;
}
