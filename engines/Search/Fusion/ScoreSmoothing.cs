using RagPlatform.Numerics;

namespace RagPlatform.Search.Fusion;

/// <summary>
/// Chunks that say alike should score alike: each of the best candidates moves a share of the way to the mean score of
/// those whose vectors are nearest to its own, weighted by cosine.
/// Source: F. Diaz, "Regularizing ad hoc retrieval scores", CIKM 2005. Candidates without a vector stay where they are.
/// </summary>
public sealed class ScoreSmoothing : IReranker
{
    /// <inheritdoc/>
    public int Depth { get; init; } = 50;

    /// <summary>Candidates that one is compared to, at least 1.</summary>
    public int Nearest { get; init; } = 3;

    /// <summary>Of the way, 0 to 1.</summary>
    public double Share { get; init; } = 0.15;

    public void Rescore(SearchQuery query, ReadOnlySpan<Candidate> best, ICandidateReader reader, Span<double> changes)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var cosines = Cosines(best, reader);
        for (var i = 0; i < best.Length; i++)
        {
            changes[i] = Share * Distance(cosines.AsSpan(i * best.Length, best.Length), best, best[i].Score);
        }
    }

    /// <summary>From the score to the mean of the nearest; 0 without any.</summary>
    private double Distance(Span<float> cosines, ReadOnlySpan<Candidate> best, double score)
    {
        double sum = 0, weights = 0;
        for (var taken = 0; taken < Math.Min(Nearest, best.Length - 1); taken++)
        {
            var next = 0;
            for (var other = 1; other < cosines.Length; other++)
            {
                next = cosines[other] > cosines[next] ? other : next;
            }

            if (cosines[next] <= 0)
            {
                break;
            }

            sum += cosines[next] * best[next].Score;
            weights += cosines[next];
            cosines[next] = 0;
        }

        return weights > 0 ? (sum / weights) - score : 0;
    }

    /// <summary>Row i: of candidate i with each other; 0 with itself and where one has no vector.</summary>
    private static float[] Cosines(ReadOnlySpan<Candidate> best, ICandidateReader reader)
    {
        var vectors = new float[best.Length][];
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = reader.Vector(best[i].Row).ToArray();
        }

        var cosines = new float[best.Length * best.Length];
        for (var i = 0; i < best.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var cosine = vectors[i].Length == vectors[j].Length ? VectorMath.Dot(vectors[i], vectors[j]) : 0;
                cosines[(i * best.Length) + j] = cosine;
                cosines[(j * best.Length) + i] = cosine;
            }
        }

        return cosines;
    }
}
