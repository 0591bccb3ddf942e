using RagPlatform.Search.Fusion;
using RagPlatform.Search.Lexical;
using RagPlatform.Search.Vectors;

namespace RagPlatform.Search.InMemory;

/// <summary>
/// One search over indexes that do not change meanwhile. Every candidate is scored by both arms, also where only one of
/// them proposed it: an arm's real score is better evidence than an assumed one.
/// </summary>
internal sealed class HybridSearch<TPayload>(InvertedIndex lexical, FlatVectorIndex vectors, ChunkTable<TPayload> chunks, TimeProvider time)
{
    public InMemoryResult<TPayload> Run(InMemoryQuery query, TermCounts terms)
    {
        var begin = time.GetTimestamp();
        using var lexicalScores = lexical.Score(terms);
        var candidates = new HashSet<int>();
        if (query.VectorWeight < 1)
        {
            Collect(candidates, query, lexicalScores.CollectInto);
        }

        var afterLexical = time.GetTimestamp();

        if (query.VectorWeight > 0)
        {
            Collect(candidates, query, top => vectors.CollectInto(top, query.Vector.Span));
        }

        var afterVectors = time.GetTimestamp();

        var hits = Fuse(candidates, query, lexicalScores);
        return new InMemoryResult<TPayload>(hits, new InMemoryTimings(
            time.GetElapsedTime(begin, afterLexical), time.GetElapsedTime(afterLexical, afterVectors), time.GetElapsedTime(afterVectors)));
    }

    private void Collect(HashSet<int> candidates, InMemoryQuery query, Action<TopK> collectInto)
    {
        var top = new TopK(query.CandidatesPerArm, chunks);
        collectInto(top);
        foreach (var candidate in top.TakeSorted())
        {
            candidates.Add(candidate.Id);
        }
    }

    private InMemoryHit<TPayload>[] Fuse(HashSet<int> candidates, InMemoryQuery query, LexicalScores lexicalScores)
    {
        var ids = candidates.ToArray();
        var lexicalScore = Array.ConvertAll(ids, id => lexicalScores[id]);
        var vectorScore = query.Vector.IsEmpty ? new float[ids.Length] : Array.ConvertAll(ids, id => vectors.Score(id, query.Vector.Span));
        var fused = new double[ids.Length];
        MinMaxFusion.Fuse(lexicalScore, vectorScore, query.VectorWeight, fused);
        return Enumerable.Range(0, ids.Length)
            .Select(i => new InMemoryHit<TPayload>(chunks[ids[i]].ChunkId, chunks[ids[i]].Payload, fused[i], lexicalScore[i], vectorScore[i]))
            .OrderByDescending(hit => hit.Score)
            .ThenBy(hit => hit.ChunkId, StringComparer.Ordinal)
            .Take(query.TopK)
            .ToArray();
    }
}
