using RagPlatform.Search.Filters;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Search.Fusion;

/// <summary>Both arms of one search over the segments of a snapshot.</summary>
/// <param name="lexical">Bound to the snapshot's segments.</param>
internal sealed class SegmentArms(SearchQuery query, SearchScope scope, BoundLexicalQuery lexical, SnapshotCandidates candidates)
{
    private readonly HashSet<int> _throughGraph = [];

    /// <summary>
    /// A search adds up terms in whatever order lets it pass over most rows; scored again in one order, chunks that are alike
    /// score alike to the last bit, in whichever segments they are.
    /// </summary>
    public ArmProposals ProposeLexical(int wanted)
    {
        var top = new TopRows(wanted);
        foreach (var segment in scope.Segments)
        {
            lexical.Search(segment.Number, segment.Allowed, segment.FirstRow, top);
        }

        return new ArmProposals(Array.ConvertAll(top.TakeSorted(), found => found with { Score = candidates.LexicalScore(found.Row) }), wanted);
    }

    /// <summary>What the text requires and excludes holds for this arm as well.</summary>
    public ArmProposals ProposeVectors(int wanted)
    {
        var top = new TopRows(wanted);
        foreach (var segment in scope.Segments)
        {
            var allowed = lexical.Restrict(segment.Number, segment.Allowed);
            var count = ReferenceEquals(allowed, segment.Allowed) ? segment.AllowedCount : allowed.Count();
            var isWhole = count == segment.View.Segment.RowCount;
            if (segment.View.Segment.Vectors.Search(query.Vector.Span, isWhole ? null : allowed, count, query.Exact, segment.FirstRow, top))
            {
                _throughGraph.Add(segment.FirstRow);
            }
        }

        return new ArmProposals(top.TakeSorted(), wanted);
    }

    /// <summary>How the vectors of a candidate's segment were searched: "exact" or "hnsw".</summary>
    public string IndexOf(int row) => _throughGraph.Contains(candidates.At(row, out _).FirstRow) ? "hnsw" : "exact";
}
