using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Filters;

/// <summary>Counts the live documents of a snapshot by the values of their fields.</summary>
public static class SnapshotFacets
{
    /// <param name="filter">Null counts every document.</param>
    /// <param name="maxValues">Of each field, at least 1.</param>
    /// <exception cref="FilterException">The filter cannot be evaluated.</exception>
    public static FacetCounts Count(IndexSnapshot snapshot, IReadOnlyList<string> fields, Filter? filter, int maxValues)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(fields);
        if (filter is not null)
        {
            FilterValidation.Check(filter);
        }

        var sources = snapshot.Segments
            .Select(view => new FacetSource(view.Segment.Fields, filter is null ? view.LiveDocuments : SearchScope.Documents(view, filter)))
            .ToArray();
        return new FacetCounts(
            [.. fields.Select(field => FacetCounter.Count(field, sources, maxValues))], sources.Sum(source => source.Documents.Count()));
    }
}

/// <param name="Facets">One per field, in the order asked for.</param>
/// <param name="DocumentCount">That the filter lets through.</param>
public sealed record FacetCounts(IReadOnlyList<Facet> Facets, int DocumentCount);
