namespace RagPlatform.Search.Tests.Lexical;

/// <summary>The oracle: BM25 from the formula, over documents of space-separated terms, in double precision.</summary>
internal static class NaiveBm25
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    public static Dictionary<int, double> Score(IReadOnlyDictionary<int, string> documents, string query)
    {
        var words = documents.ToDictionary(pair => pair.Key, pair => pair.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var meanLength = words.Count == 0 ? 0 : words.Values.Average(document => document.Length);
        var scores = new Dictionary<int, double>();
        foreach (var (id, document) in words)
        {
            var score = 0.0;
            foreach (var term in query.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                double frequency = document.Count(word => word == term);
                var withTerm = words.Values.Count(other => other.Contains(term));
                var idf = Math.Log(1 + ((words.Count - withTerm + 0.5) / (withTerm + 0.5)));
                score += idf * frequency * (K1 + 1) / (frequency + (K1 * (1 - B + (B * document.Length / meanLength))));
            }
            if (score > 0)
            {
                scores.Add(id, score);
            }
        }
        return scores;
    }
}
