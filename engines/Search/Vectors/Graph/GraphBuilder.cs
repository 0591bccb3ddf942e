namespace RagPlatform.Search.Vectors.Graph;

/// <summary>
/// Links rows into a graph, one after the other (algorithm 1 of Malkov and Yashunin). Scores are those of the codes: in
/// the searches that follow, too, it is the codes that are compared.
/// </summary>
/// <param name="constructionCandidates">Rows that are looked at as neighbours of each.</param>
internal sealed class GraphBuilder(GraphBuffers buffers, CodeRows rows, int constructionCandidates)
{
    private readonly NearGraph _graph = buffers.Graph;
    private readonly GraphSearcher _searcher = new(buffers.Graph, rows);
    private readonly ulong[] _candidates = new ulong[buffers.Graph.RoomAt(level: 0) + 1];
    private readonly ulong[] _chosen = new ulong[buffers.Graph.RoomAt(level: 0)];

    public void Add(int row)
    {
        if (_graph.Entry == NearGraph.None)
        {
            _graph.Entry = row;
            return;
        }

        var (level, topLevel) = (_graph.LevelOf(row), _graph.TopLevel);
        var vector = rows[row];
        var entry = _searcher.Descend(vector, level);
        for (var at = Math.Min(level, topLevel); at >= 0; at--)
        {
            _searcher.SearchLayer(vector, entry, at, constructionCandidates, allowed: null, long.MaxValue);
            var found = _searcher.TakeFound();
            if (at == 0 && FindTwin(row, found) is var twin && twin != NearGraph.None)
            {
                Attach(row, twin);
                return;
            }

            entry = GraphKey.Row(found[0]);
            SetLinks(row, at, _chosen.AsSpan(0, NeighborSelection.Choose(rows, found, _graph.Links, _chosen)));
        }

        for (var at = Math.Min(level, topLevel); at >= 0; at--)
        {
            LinkBack(row, at);
        }

        if (level > topLevel)
        {
            _graph.Entry = row;
        }
    }

    public void SetLinks(int row, int level, ReadOnlySpan<ulong> keys)
    {
        var links = _graph.LinksOf(row, level);
        var scores = buffers.ScoresOf(row, level);
        for (var i = 0; i < keys.Length; i++)
        {
            (links[i], scores[i]) = (GraphKey.Row(keys[i]), GraphKey.Score(keys[i]));
        }

        links[keys.Length..].Fill(NearGraph.None);
    }

    private int FindTwin(int row, ReadOnlySpan<ulong> found)
    {
        var vector = rows[row];
        var lowest = rows.Score(vector, row);
        foreach (var key in found)
        {
            if (GraphKey.Score(key) < lowest)
            {
                break;
            }

            var other = rows[GraphKey.Row(key)];
            if (other.Scale == vector.Scale && other.Codes.SequenceEqual(vector.Codes))
            {
                return GraphKey.Row(key);
            }
        }

        return NearGraph.None;
    }

    private void Attach(int row, int twin)
    {
        for (var level = 1; level <= Math.Min(_graph.LevelOf(row), _graph.TopLevel); level++)
        {
            SetLinks(row, level, []);
        }

        _graph.TwinOf(row) = _graph.TwinOf(twin);
        _graph.TwinOf(twin) = row;
    }

    private void LinkBack(int row, int level)
    {
        var links = _graph.LinksOf(row, level);
        var scores = buffers.ScoresOf(row, level);
        for (var i = 0; i < links.Length && links[i] != NearGraph.None; i++)
        {
            Link(links[i], row, scores[i], level);
        }
    }

    private void Link(int row, int other, float score, int level)
    {
        var links = _graph.LinksOf(row, level);
        var scores = buffers.ScoresOf(row, level);
        var count = links.IndexOf(NearGraph.None);
        if (count >= 0)
        {
            (links[count], scores[count]) = (other, score);
            return;
        }

        var candidates = _candidates.AsSpan(0, links.Length + 1);
        for (var i = 0; i < links.Length; i++)
        {
            candidates[i] = ~GraphKey.Of(scores[i], links[i]);
        }

        candidates[links.Length] = ~GraphKey.Of(score, other);
        candidates.Sort();
        foreach (ref var candidate in candidates)
        {
            candidate = ~candidate;
        }

        SetLinks(row, level, _chosen.AsSpan(0, NeighborSelection.Choose(rows, candidates, links.Length, _chosen)));
    }
}
