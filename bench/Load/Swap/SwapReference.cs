namespace RagPlatform.Bench.Load.Swap;

/// <summary>What an index alone answers: the nearest chunks of each question with their cosines.</summary>
internal sealed class SwapReference
{
    public const int TopK = 100;

    /// <summary>Of a cosine: batches of other lengths round otherwise, and weights may be kept in few bits.</summary>
    public const double Tolerance = 0.005;

    private readonly string model;
    private readonly Dictionary<string, double>[] nearest;

    private SwapReference(string model, Dictionary<string, double>[] nearest) => (this.model, this.nearest) = (model, nearest);

    public static async Task<SwapReference> ReadAsync(SwapSearches searches, string model, string[] questions)
    {
        var read = new Dictionary<string, double>[questions.Length];
        for (var i = 0; i < questions.Length; i++)
        {
            read[i] = (await searches.AskExactAsync(questions[i], TopK)).ToDictionary(hit => hit.ChunkId, hit => hit.VectorScore);
        }

        return new SwapReference(model, read);
    }

    /// <summary>
    /// Whether an answer is this index's. An exact one: its hits are the nearest, each with its cosine. A hybrid one: no hit
    /// that is among the nearest has another cosine.
    /// </summary>
    public bool Explains(SwapAnswer answer)
    {
        var known = nearest[answer.Question];
        return answer.Model == model && (answer.IsExact
            ? answer.Hits.Length == 10 && answer.Hits.All(hit => known.TryGetValue(hit.ChunkId, out var score) && IsNear(score, hit.VectorScore))
            : answer.Hits.All(hit => !known.TryGetValue(hit.ChunkId, out var score) || IsNear(score, hit.VectorScore)));
    }

    /// <summary>Hits of a hybrid answer that this index's nearest say something of.</summary>
    public int KnownHits(SwapAnswer answer) => answer.Hits.Count(hit => nearest[answer.Question].ContainsKey(hit.ChunkId));

    /// <summary>Questions whose ten nearest chunks both indexes could give alike: of these an answer does not tell which it is of.</summary>
    public int CountAlike(SwapReference other) => Enumerable.Range(0, nearest.Length).Count(i =>
        nearest[i].OrderByDescending(hit => hit.Value).Take(10).All(hit => other.nearest[i].TryGetValue(hit.Key, out var score) && IsNear(score, hit.Value)));

    private static bool IsNear(double left, double right) => Math.Abs(left - right) <= Tolerance;
}
