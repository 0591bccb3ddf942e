using System.Globalization;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// BM25 as a dot product of sparse vectors: a chunk's vector holds each term's saturation, a query's how often it names the
/// term, and Qdrant's modifier "idf" multiplies in the inverse document frequency, by the engine's formula. Unlike in the
/// engine, a chunk's length is held against a configured average, as the index's own changes with every chunk.
/// </summary>
internal sealed class TermWeights(CollectionIndexOptions options, int averageChunkTerms)
{
    private readonly TextAnalyzer _analyzer = new(options.Analyzer);

    /// <summary>Differs for settings that give other weights; the analyzer's are not in it.</summary>
    public string Description { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{options.Bm25.K1} {options.Bm25.B} {options.TitleWeight} {options.HeadingWeight} {averageChunkTerms}");

    /// <returns>Null for a chunk without terms.</returns>
    public SparseVector? OfChunk(string title, IReadOnlyList<string> headings, string text)
    {
        var terms = TermsOf(title, headings, text);
        return Vector(terms, frequency => Saturation(frequency, terms.Length));
    }

    /// <returns>Null for a text without terms.</returns>
    public SparseVector? OfQuery(string text) => Vector(Analyze(text), frequency => frequency);

    /// <summary>What a term's inverse document frequency is multiplied by.</summary>
    public float Saturation(int frequency, int chunkTerms) => options.Bm25.Saturation(frequency, chunkTerms, averageChunkTerms);

    public TermCounts TermsOf(string title, IReadOnlyList<string> headings, string text)
    {
        var terms = new TermCounts();
        _analyzer.Analyze(title, terms, options.TitleWeight);
        foreach (var heading in headings)
        {
            _analyzer.Analyze(heading, terms, options.HeadingWeight);
        }

        _analyzer.Analyze(text, terms);
        return terms;
    }

    /// <summary>In the order of their first appearance.</summary>
    public IEnumerable<QueryTerm> QueryTerms(string text)
    {
        foreach (var (term, count) in Analyze(text))
        {
            yield return new QueryTerm(term, term, count);
        }
    }

    private TermCounts Analyze(string text)
    {
        var terms = new TermCounts();
        _analyzer.Analyze(text, terms);
        return terms;
    }

    private static SparseVector? Vector(TermCounts terms, Func<int, float> weigh)
    {
        if (terms.Count == 0)
        {
            return null;
        }

        var weights = new SortedDictionary<uint, float>();
        foreach (var (term, frequency) in terms)
        {
            var dimension = TermHash.Of(term);
            weights[dimension] = weights.GetValueOrDefault(dimension) + weigh(frequency);
        }

        return new SparseVector([.. weights.Keys], [.. weights.Values]);
    }
}

/// <param name="Word">Of the query, that led to the term.</param>
/// <param name="Count">How often the query has it.</param>
internal readonly record struct QueryTerm(string Term, string Word, int Count);
