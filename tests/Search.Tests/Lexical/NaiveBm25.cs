using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Tests.Lexical;

/// <summary>The oracle: BM25 from the formula, over documents of space-separated terms, in double precision.</summary>
internal static class NaiveBm25
{
    public static Dictionary<int, double> Score(IReadOnlyDictionary<int, string> documents, string query) =>
        Score(documents, documents.Keys.ToHashSet(), query, Bm25.Default);

    /// <summary>Of the live documents; the others only count in how many hold a term, scaled down to the live ones.</summary>
    public static Dictionary<int, double> Score(IReadOnlyDictionary<int, string> documents, IReadOnlySet<int> live, string query, Bm25 bm25)
    {
        var words = documents.ToDictionary(pair => pair.Key, pair => Words(pair.Value));
        var meanLength = live.Count == 0 ? 0 : live.Average(id => words[id].Length);
        var terms = Words(query).Select(term =>
        {
            var withTerm = (double)words.Values.Count(document => document.Contains(term)) * live.Count / Math.Max(1, words.Count);
            return (Term: term, Idf: Math.Log(1 + ((live.Count - withTerm + 0.5) / (withTerm + 0.5))));
        }).ToArray();
        var scores = new Dictionary<int, double>();
        foreach (var id in live)
        {
            var score = 0.0;
            foreach (var (term, idf) in terms)
            {
                double frequency = words[id].AsSpan().Count(term);
                score += idf * frequency * (bm25.K1 + 1) / (frequency + (bm25.K1 * (1 - bm25.B + (bm25.B * words[id].Length / meanLength))));
            }

            if (score > 0)
            {
                scores.Add(id, score);
            }
        }

        return scores;
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
