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
            var likeliest = piece == 0 ? -1 : Likeliest(best, piece - 1, count);
            for (var tag = 0; tag < count; tag++)
            {
                (best[piece, tag], from[piece, tag]) = piece == 0
                    ? (BioTags.MayFollow(-1, tag) ? 0 : double.NegativeInfinity, -1)
                    : BestBefore(best, piece - 1, tag, likeliest);
                best[piece, tag] += logs[(piece * count) + tag];
            }
        }

        var tags = new int[pieces];
        tags[^1] = Likeliest(best, pieces - 1, count);
        for (var piece = pieces - 1; piece > 0; piece--)
        {
            tags[piece - 1] = from[piece, tags[piece]];
        }

        return (tags, Math.Exp(best[pieces - 1, tags[^1]]));
    }

    private static int Likeliest(double[,] best, int piece, int count)
    {
        var found = 0;
        for (var tag = 1; tag < count; tag++)
        {
            found = best[piece, tag] > best[piece, found] ? tag : found;
        }

        return found;
    }

    /// <summary>A span goes on from two tags alone; everything else may follow any, and so the likeliest.</summary>
    private static (double Score, int Tag) BestBefore(double[,] best, int piece, int tag, int likeliest)
    {
        var former = BioTags.MayFollow(likeliest, tag) ? likeliest : best[piece, tag - 1] >= best[piece, tag] ? tag - 1 : tag;
        return (best[piece, former], former);
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
