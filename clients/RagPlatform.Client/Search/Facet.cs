namespace RagPlatform.Client;

/// <summary>Documents counted by the values of metadata fields.</summary>
/// <param name="Facets">In the order of the fields asked for.</param>
/// <param name="DocumentCount">That the filter lets through.</param>
public sealed record FacetCounts(IReadOnlyList<Facet> Facets, long DocumentCount);

/// <summary>The values of one field.</summary>
/// <param name="Field">A metadata key, "document_id", "title" or "uri".</param>
/// <param name="Values">By count, then value.</param>
/// <param name="DistinctValues">Also those left out.</param>
public sealed record Facet(string Field, IReadOnlyList<FacetValue> Values, long DistinctValues);

/// <summary>How many documents have a value.</summary>
public sealed record FacetValue(string Value, long DocumentCount);
