namespace RagPlatform.FineTuning.Retrieving.Ranking;

/// <summary>The best of many scores.</summary>
internal static class TopRanks
{
    /// <summary>Places of the highest scores, best first; of equal ones the earlier place.</summary>
    /// <param name="scores">Not NaN.</param>
    /// <param name="count">At most so many.</param>
    public static int[] Of(ReadOnlySpan<float> scores, int count)
    {
        var worstFirst = new PriorityQueue<int, (float Score, int Place)>(count + 1);
        for (var i = 0; i < scores.Length; i++)
        {
            if (worstFirst.Count < count)
            {
                worstFirst.Enqueue(i, (scores[i], -i));
            }
            else if (count > 0)
            {
                worstFirst.EnqueueDequeue(i, (scores[i], -i));
            }
        }
        var best = new int[worstFirst.Count];
        for (var rank = best.Length - 1; rank >= 0; rank--)
        {
            best[rank] = worstFirst.Dequeue();
        }
        return best;
    }
}
