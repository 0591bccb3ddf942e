namespace RagPlatform.Search.InMemory;

/// <summary>What to look for.</summary>
/// <param name="Vector">Unit length, of the collection's dimension; empty only where <paramref name="VectorWeight"/> is 0.</param>
/// <param name="TopK">Hits wanted, at least 1.</param>
/// <param name="VectorWeight">0 (BM25 alone) to 1 (vectors alone).</param>
public sealed record InMemoryQuery(string Text, ReadOnlyMemory<float> Vector, int TopK, double VectorWeight)
{
    private const int MinCandidates = 50;
    private const int CandidatesPerHit = 5;

    /// <summary>How many each arm contributes to the fusion.</summary>
    public int CandidatesPerArm => Math.Max(MinCandidates, CandidatesPerHit * TopK);
}

/// <param name="Score">Fused, 0 to 1.</param>
/// <param name="LexicalScore">BM25; 0 when no term matched.</param>
/// <param name="VectorScore">Cosine, -1 to 1; 0 when the query had no vector.</param>
public sealed record InMemoryHit<TPayload>(string ChunkId, TPayload Payload, double Score, float LexicalScore, float VectorScore);

/// <summary>Hits, best first, and where the time went.</summary>
public sealed record InMemoryResult<TPayload>(IReadOnlyList<InMemoryHit<TPayload>> Hits, InMemoryTimings Timings);

/// <summary>The stages in the order they ran, without waits for the index's lock.</summary>
public readonly record struct InMemoryTimings(TimeSpan Lexical, TimeSpan Vectors, TimeSpan Fusion);
