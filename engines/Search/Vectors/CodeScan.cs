using RagPlatform.Search.Vectors.Graph;

namespace RagPlatform.Search.Vectors;

/// <summary>Offers the rows nearest to a query: first the codes are compared, then the vectors of those that may be among the best.</summary>
/// <param name="margin">By which a score worked out from codes may be too low.</param>
internal readonly ref struct CodeScan(
    VectorSegment segment, CodeRows codes, ReadOnlySpan<float> query, CodedVector coded, float margin, int firstRow, TopRows top)
{
    private const int RowsAhead = 8;

    private readonly ReadOnlySpan<float> _query = query;
    private readonly CodedVector _coded = coded;

    public void OfferAll()
    {
        for (var row = 0; row < segment.RowCount; row++)
        {
            OfferIfNear(row);
        }
    }

    public void Offer(RowSet allowed)
    {
        // Rows apart from each other are not fetched ahead by the machine itself.
        Span<int> ahead = stackalloc int[RowsAhead];
        var count = 0;
        foreach (var row in allowed)
        {
            codes.Prefetch(row);
            ref var slot = ref ahead[count++ % RowsAhead];
            if (count > RowsAhead)
            {
                OfferIfNear(slot);
            }

            slot = row;
        }

        for (var next = Math.Max(0, count - RowsAhead); next < count; next++)
        {
            OfferIfNear(ahead[next % RowsAhead]);
        }
    }

    /// <summary>What a search of the graph found, best first, with its twins.</summary>
    public void OfferFound(ReadOnlySpan<ulong> found, NearGraph graph, RowSet? allowed)
    {
        for (var i = 0; i < found.Length && GraphKey.Score(found[i]) + margin > top.Threshold; i++)
        {
            if (i + 1 < found.Length)
            {
                segment.Prefetch(GraphKey.Row(found[i + 1]));
            }

            for (var row = GraphKey.Row(found[i]); row != NearGraph.None; row = graph.TwinOf(row))
            {
                if (allowed is null || allowed.Contains(row))
                {
                    top.Offer(firstRow + row, segment.Score(row, _query));
                }
            }
        }
    }

    private void OfferIfNear(int row)
    {
        if (codes.Score(_coded, row) + margin > top.Threshold)
        {
            top.Offer(firstRow + row, segment.Score(row, _query));
        }
    }
}
