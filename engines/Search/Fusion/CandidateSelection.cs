using RagPlatform.Numerics;

namespace RagPlatform.Search.Fusion;

/// <summary>Takes the hits from ordered candidates: of each document the first ones, as many as it may have, and of those the first or the most diverse.</summary>
internal static class CandidateSelection
{
    /// <param name="sorted">Best first.</param>
    public static List<Candidate> Take(SearchQuery query, Candidate[] sorted, ICandidateReader reader)
    {
        var allowed = sorted.Where(new DocumentQuota(query.MaxChunksPerDocument, reader).TryTake);
        return query.Diversity is { } diversity and > 0
            ? TakeDiverse(query.TopK, diversity, [.. allowed.Take(Math.Max(query.Candidates, query.TopK))], reader)
            : [.. allowed.Take(query.TopK)];
    }

    /// <summary>
    /// Maximal marginal relevance: each time the candidate with the greatest
    /// (1 - diversity) · score / best score - diversity · greatest cosine with those taken.
    /// Source: J. Carbonell and J. Goldstein, SIGIR 1998, with lambda = 1 - diversity.
    /// </summary>
    private static List<Candidate> TakeDiverse(int topK, double diversity, Candidate[] pool, ICandidateReader reader)
    {
        var likeness = new float[pool.Length];
        var open = Enumerable.Range(0, pool.Length).ToList();
        var taken = new List<Candidate>(Math.Min(topK, pool.Length));
        var best = pool.Length > 0 && pool[0].Score > 0 ? pool[0].Score : 1;
        while (taken.Count < topK && open.Count > 0)
        {
            var next = open.MaxBy(i => ((1 - diversity) * pool[i].Score / best) - (diversity * likeness[i]));
            open.Remove(next);
            pool[next].RankBeforeDiversity = next + 1;
            var vector = reader.Vector(pool[next].Row).ToArray();
            foreach (var i in open)
            {
                var cosine = VectorMath.Dot(reader.Vector(pool[i].Row), vector);
                likeness[i] = taken.Count == 0 ? cosine : Math.Max(likeness[i], cosine);
            }

            taken.Add(pool[next]);
        }

        return taken;
    }

    private sealed class DocumentQuota(int? maxChunks, ICandidateReader reader)
    {
        private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

        /// <summary>False if the document has as many as it may.</summary>
        public bool TryTake(Candidate candidate)
        {
            if (maxChunks is null)
            {
                return true;
            }

            var documentId = reader.DocumentId(candidate.Row);
            var taken = _taken.GetValueOrDefault(documentId);
            _taken[documentId] = taken + 1;
            return taken < maxChunks;
        }
    }
}
