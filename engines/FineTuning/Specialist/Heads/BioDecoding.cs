using RagPlatform.Numerics;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>The likeliest tags of a text that follow each other as they must (Viterbi 1967), and how sure they are.</summary>
public static class BioDecoding
{
    /// <param name="logits">[pieces, tags].</param>
    /// <param name="kinds">Of spans; there are 1 + 2·kinds tags.</param>
    /// <returns>
    /// The tags, and the product of their probabilities, each by itself: that all of them are right.
    /// </returns>
    public static (int[] Tags, double Confidence) Decode(ReadOnlySpan<float> logits, int kinds)
    {
        var count = BioTags.Count(kinds);
        var pieces = logits.Length / count;
        if (pieces == 0)
        {
            return ([], 1);
        }

        var logs = LogProbabilities(logits, count);
        var (best, from) = (new double[pieces, count], new int[pieces, count]);
        for (var piece = 0; piece < pieces; piece++)
        {
            for (var tag = 0; tag < count; tag++)
            {
                (best[piece, tag], from[piece, tag]) = piece == 0
                    ? (BioTags.MayFollow(-1, tag) ? 0 : double.NegativeInfinity, -1)
                    : BestBefore(best, piece - 1, tag, count);
                best[piece, tag] += logs[(piece * count) + tag];
            }
        }

        var tags = new int[pieces];
        tags[^1] = Enumerable.Range(0, count).MaxBy(tag => best[pieces - 1, tag]);
        for (var piece = pieces - 1; piece > 0; piece--)
        {
            tags[piece - 1] = from[piece, tags[piece]];
        }

        return (tags, Math.Exp(best[pieces - 1, tags[^1]]));
    }

    private static (double Score, int Tag) BestBefore(double[,] best, int piece, int tag, int count)
    {
        var found = (Score: double.NegativeInfinity, Tag: 0);
        // A span goes on from two tags alone; everything else may follow any.
        for (var former = 0; former < count; former++)
        {
            if (BioTags.MayFollow(former, tag) && best[piece, former] > found.Score)
            {
                found = (best[piece, former], former);
            }
        }

        return found;
    }

    private static float[] LogProbabilities(ReadOnlySpan<float> logits, int count)
    {
        var logs = logits.ToArray();
        var row = new float[count];
        for (var start = 0; start < logs.Length; start += count)
        {
            var values = logs.AsSpan(start, count);
            values.CopyTo(row);
            var highest = VectorMath.Highest(row);
            var normalizer = highest + MathF.Log(VectorMath.Exponentials(row, highest, 1));
            foreach (ref var value in values)
            {
                value -= normalizer;
            }
        }

        return logs;
    }
}
