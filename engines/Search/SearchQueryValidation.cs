using RagPlatform.Numerics;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Fusion;

namespace RagPlatform.Search;

/// <summary>Refuses queries that no index can answer.</summary>
public static class SearchQueryValidation
{
    /// <param name="dimension">Of the index's vectors.</param>
    /// <exception cref="ArgumentException">A value is out of its range, or the vector is not of the index's dimension.</exception>
    /// <exception cref="FilterException">The filter cannot be evaluated.</exception>
    public static void Check(SearchQuery query, int dimension)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckRange(query, nameof(query.TopK), query.TopK, 1, SearchQuery.MaxCandidates);
        CheckRange(query, nameof(query.Candidates), query.Candidates, 1, SearchQuery.MaxCandidates);
        CheckRange(query, nameof(query.VectorWeight), query.VectorWeight, 0, 1);
        CheckRange(query, nameof(query.Diversity), query.Diversity ?? 0, 0, 1);
        CheckRange(query, nameof(query.MaxChunksPerDocument), query.MaxChunksPerDocument ?? 1, 1, int.MaxValue);
        if (query.Filter is not null)
        {
            FilterValidation.Check(query.Filter);
        }

        var mayLackVector = !ArmWeights.Of(query).UsesVector;
        if (query.Vector.Length != dimension && !(query.Vector.IsEmpty && mayLackVector))
        {
            throw new ArgumentException($"Vector has {query.Vector.Length} dimensions; the index holds vectors of {dimension}. Only a lexical search needs none.", nameof(query));
        }

        if (VectorMath.Dot(query.Vector.Span, query.Vector.Span) is var squaredLength && !float.IsFinite(squaredLength))
        {
            throw new ArgumentException(FormattableString.Invariant($"Vector has a squared length of {squaredLength}; all components must be finite numbers, and the length 1."), nameof(query));
        }
    }

    private static void CheckRange(SearchQuery query, string name, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {min} to {max}."), nameof(query));
        }
    }
}
