namespace RagPlatform.Search.Vectors.Graph;

/// <summary>
/// Takes over the graph of a segment into one that it is merged into. Around a dropped row its neighbours are linked
/// with each other, as in FreshDiskANN (Singh et al. 2021, arXiv:2105.09613, algorithm 4).
/// </summary>
internal sealed class GraphInheritance
{
    private readonly NearGraph _source;
    private readonly int[] _newRows;

    // By row of the source: the new row that takes its place in the graph, which may be one of its twins'; none where it is dropped or bereft.
    private readonly int[] _heirs;

    /// <param name="newRows">By row of the source; -1: dropped. At least one is not.</param>
    public GraphInheritance(NearGraph source, int[] newRows)
    {
        (_source, _newRows) = (source, newRows);
        _heirs = new int[newRows.Length];
        var isTwin = new RowSet(newRows.Length);
        for (var row = 0; row < newRows.Length; row++)
        {
            if (source.TwinOf(row) is var twin && twin != NearGraph.None)
            {
                isTwin.Add(twin);
            }
        }

        for (var row = 0; row < newRows.Length; row++)
        {
            _heirs[row] = NearGraph.None;
            for (var at = isTwin.Contains(row) ? NearGraph.None : row; at != NearGraph.None && _heirs[row] == NearGraph.None; at = source.TwinOf(at))
            {
                _heirs[row] = newRows[at];
            }
        }

        foreach (var row in Bereft())
        {
            _heirs[row] = NearGraph.None;
        }
    }

    /// <summary>The heirs' levels are those of the rows whose place they take.</summary>
    public void SetLevels(Span<byte> levels)
    {
        for (var row = 0; row < _heirs.Length; row++)
        {
            if (_heirs[row] != NearGraph.None)
            {
                levels[_heirs[row]] = (byte)_source.LevelOf(row);
            }
        }
    }

    /// <summary>Links the source's rows that were kept and are not bereft, and returns them.</summary>
    public RowSet LinkInto(GraphBuffers buffers, GraphBuilder builder, CodeRows codes, CancellationToken cancellationToken)
    {
        var graph = buffers.Graph;
        var linked = new RowSet(graph.RowCount);
        var candidates = new List<ulong>();
        var chosen = new ulong[graph.RoomAt(level: 0)];
        for (var row = 0; row < _heirs.Length; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_heirs[row] is var heir && heir == NearGraph.None)
            {
                continue;
            }

            linked.Add(heir);
            TakeTwins(row, graph, linked);
            for (var level = 0; level <= _source.LevelOf(row); level++)
            {
                var isWhole = Collect(row, level, codes, candidates);
                candidates.Sort();
                candidates.Reverse();
                var sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(candidates);
                builder.SetLinks(heir, level, isWhole ? sorted : chosen.AsSpan(0, NeighborSelection.Choose(codes, sorted, graph.RoomAt(level), chosen)));
            }

            if (graph.Entry == NearGraph.None || graph.LevelOf(heir) > graph.TopLevel)
            {
                graph.Entry = heir;
            }
        }

        return linked;
    }

    /// <summary>
    /// Rows that lose most of their neighbours: of a dense group the few that are kept. Those of the neighbours are mostly
    /// dropped, too, so that mending would leave them islands; they must be looked for anew.
    /// </summary>
    private List<int> Bereft()
    {
        var bereft = new List<int>();
        for (var row = 0; row < _heirs.Length; row++)
        {
            var (kept, dropped) = (0, 0);
            foreach (var neighbor in _heirs[row] == NearGraph.None ? [] : _source.LinksOf(row, level: 0))
            {
                if (neighbor == NearGraph.None)
                {
                    break;
                }

                _ = _heirs[neighbor] == NearGraph.None ? dropped++ : kept++;
            }

            if (dropped > kept)
            {
                bereft.Add(row);
            }
        }

        return bereft;
    }

    private void TakeTwins(int row, NearGraph graph, RowSet linked)
    {
        var last = _heirs[row];
        for (var twin = row; twin != NearGraph.None; twin = _source.TwinOf(twin))
        {
            if (_newRows[twin] is var kept && kept >= 0 && kept != _heirs[row])
            {
                graph.TwinOf(last) = kept;
                linked.Add(kept);
                last = kept;
            }
        }
    }

    /// <summary>The row's neighbours of a level, and those of each that was dropped. False if one was.</summary>
    private bool Collect(int row, int level, CodeRows codes, List<ulong> candidates)
    {
        candidates.Clear();
        var isWhole = true;
        foreach (var neighbor in _source.LinksOf(row, level))
        {
            if (neighbor == NearGraph.None)
            {
                break;
            }

            if (_heirs[neighbor] != NearGraph.None)
            {
                Consider(row, neighbor, codes, candidates);
                continue;
            }

            isWhole = false;
            foreach (var next in _source.LinksOf(neighbor, level))
            {
                if (next == NearGraph.None)
                {
                    break;
                }

                Consider(row, next, codes, candidates);
            }
        }

        return isWhole;
    }

    private void Consider(int row, int neighbor, CodeRows codes, List<ulong> candidates)
    {
        var (heir, other) = (_heirs[row], _heirs[neighbor]);
        if (other != NearGraph.None && other != heir && GraphKey.Of(codes.Score(codes[heir], other), other) is var key && !candidates.Contains(key))
        {
            candidates.Add(key);
        }
    }
}
