namespace RagPlatform.Search.Vectors.Graph;

/// <summary>
/// Which of many near rows a row is linked to (algorithm 4 of Malkov and Yashunin, as hnswlib has it): from the nearest
/// on, each that is nearer to the row than to all taken before it, so that links lead into all directions.
/// </summary>
internal static class NeighborSelection
{
    /// <param name="candidates">Keys by their score with the row, best first; none is the row itself.</param>
    /// <param name="chosen">At least as long as <paramref name="room"/>; takes the chosen keys.</param>
    /// <returns>How many were chosen.</returns>
    public static int Choose(CodeRows rows, ReadOnlySpan<ulong> candidates, int room, Span<ulong> chosen)
    {
        var count = 0;
        foreach (var candidate in candidates)
        {
            if (count == room)
            {
                break;
            }

            if (IsNearest(rows, candidate, chosen[..count]))
            {
                chosen[count++] = candidate;
            }
        }

        return count;
    }

    private static bool IsNearest(CodeRows rows, ulong candidate, ReadOnlySpan<ulong> chosen)
    {
        var vector = rows[GraphKey.Row(candidate)];
        var score = GraphKey.Score(candidate);
        foreach (var other in chosen)
        {
            if (rows.Score(vector, GraphKey.Row(other)) > score)
            {
                return false;
            }
        }

        return true;
    }
}
