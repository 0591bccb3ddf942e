namespace RagPlatform.Search.Vectors.Graph;

/// <summary>Searchers that wait for the next search, at most as many as searches ever ran at once, and no more than there are places.</summary>
internal sealed class GraphSearchers(NearGraph graph, CodeRows rows)
{
    private readonly GraphSearcher?[] _idle = new GraphSearcher?[2 * Environment.ProcessorCount];

    public GraphSearcher Rent()
    {
        for (var place = 0; place < _idle.Length; place++)
        {
            if (_idle[place] is not null && Interlocked.Exchange(ref _idle[place], null) is { } searcher)
            {
                return searcher;
            }
        }

        return new GraphSearcher(graph, rows);
    }

    public void Return(GraphSearcher searcher)
    {
        for (var place = 0; place < _idle.Length; place++)
        {
            if (Interlocked.CompareExchange(ref _idle[place], searcher, null) is null)
            {
                return;
            }
        }
    }
}
