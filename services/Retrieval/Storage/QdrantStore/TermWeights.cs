using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// BM25 as a dot product of sparse vectors: a chunk's vector holds each term's saturation, a query's how often it names the
/// term, and Qdrant's modifier "idf" multiplies in the inverse document frequency, by the engine's formula. Unlike in the
/// engine, a chunk's length is held against a configured average, as the index's own changes with every chunk.
/// </summary>
internal sealed class TermWeights(CollectionIndexOptions options, TermWeighing weighing)
{
    private readonly TextAnalyzer _analyzer = new(options.Analyzer);
    private readonly CollectionIndexOptions _options = options with { TitleWeight = weighing.TitleWeight, HeadingWeight = weighing.HeadingWeight };
    private readonly Bm25 _bm25 = new(weighing.K1, weighing.B);

    public static TermWeighing WeighingOf(CollectionIndexOptions options, int averageChunkTerms) =>
        new(options.Bm25.K1, options.Bm25.B, options.TitleWeight, options.HeadingWeight, averageChunkTerms, AnalysisFingerprint.Of(options));

    /// <returns>Null for a chunk without terms.</returns>
    public SparseVector? OfChunk(string title, IReadOnlyList<string> headings, string text)
    {
        var terms = TermsOf(title, headings, text);
        return Vector(terms.Counts.Select(term => (term.Key, Saturation(term.Value, terms.Length))));
    }

    /// <returns>Null for a text without terms.</returns>
    public SparseVector? OfQuery(string text) => Vector(QueryTerms(text).Select(term => (term.Term, (float)term.Weight)));

    public ChunkTerms TermsOf(string title, IReadOnlyList<string> headings, string text) => ChunkTerms.Of(_analyzer, _options, title, headings, text);

    public IReadOnlyList<QueryTerm> QueryTerms(string text) => LexicalQuery.Parse(text, _analyzer).Terms;

    /// <summary>What a term's inverse document frequency is multiplied by.</summary>
    public float Saturation(int frequency, int chunkTerms) => _bm25.Saturation(frequency, chunkTerms, weighing.AverageChunkTerms);

    private static SparseVector? Vector(IEnumerable<(string Term, float Weight)> terms)
    {
        var weights = new SortedDictionary<uint, float>();
        foreach (var (term, weight) in terms)
        {
            var dimension = TermHash.Of(term);
            weights[dimension] = weights.GetValueOrDefault(dimension) + weight;
        }

        return weights.Count == 0 ? null : new SparseVector([.. weights.Keys], [.. weights.Values]);
    }
}
