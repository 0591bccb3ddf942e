using RagPlatform.Search.Lexical;

namespace RagPlatform.FineTuning.Retrieving.Mining;

/// <summary>BM25 over passages in memory, with the terms and settings of the search that the tuned model will work beside.</summary>
internal sealed class LexicalRanking
{
    private readonly TextAnalyzer analyzer = new(new AnalyzerOptions());
    private readonly Dictionary<string, List<(int Passage, int Frequency)>> postings = new(StringComparer.Ordinal);
    private readonly int[] lengths;
    private readonly float meanLength;

    /// <param name="passages">Their places are their ids.</param>
    /// <param name="cancellationToken">Looked at between passages.</param>
    public LexicalRanking(IReadOnlyList<string> passages, CancellationToken cancellationToken)
    {
        lengths = new int[passages.Count];
        for (var passage = 0; passage < lengths.Length; passage++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var terms = new TermCounts();
            analyzer.Analyze(passages[passage], terms);
            lengths[passage] = terms.Length;
            foreach (var (term, frequency) in terms)
            {
                if (!postings.TryGetValue(term, out var list))
                {
                    postings.Add(term, list = []);
                }
                list.Add((passage, frequency));
            }
        }
        meanLength = lengths.Length == 0 ? 0 : (float)lengths.Average();
    }

    /// <summary>BM25 of every passage, 0 where no term of the query occurs.</summary>
    public float[] Score(string query)
    {
        var scores = new float[lengths.Length];
        var terms = new TermCounts();
        analyzer.Analyze(query, terms);
        foreach (var (term, occurrences) in terms)
        {
            if (!postings.TryGetValue(term, out var list))
            {
                continue;
            }
            var weight = occurrences * Bm25.InverseDocumentFrequency(lengths.Length, list.Count);
            foreach (var (passage, frequency) in list)
            {
                scores[passage] += weight * Bm25.Default.Saturation(frequency, lengths[passage], meanLength);
            }
        }
        return scores;
    }
}
