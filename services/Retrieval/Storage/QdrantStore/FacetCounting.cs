using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>Facets over the document points, so that documents are counted and not their chunks.</summary>
internal static class FacetCounting
{
    /// <summary>Asked for, to know how many there are; a field with more has this many as far as we tell.</summary>
    private const int MaxDistinctValues = 10_000;

    public static async Task<FacetCounts> CountAsync(QdrantIndex index, IReadOnlyList<string> fields, Filter? filter, int maxValues, CancellationToken cancellationToken)
    {
        var mapped = MappedFilter.Of(filter, index.Fields.Has);
        if (mapped.Constant == false)
        {
            return new FacetCounts([.. fields.Select(field => new Facet(field, [], 0))], 0);
        }

        var documents = mapped.Condition is { } condition ? index.Scope.Documents(condition) : index.Scope.Documents();
        var facets = new List<Facet>(fields.Count);
        foreach (var field in fields)
        {
            facets.Add(await CountAsync(index, field, documents, maxValues, cancellationToken));
        }

        return new FacetCounts(facets, (int)await index.Client.CountAsync(index.Name, documents, cancellationToken));
    }

    private static async Task<Facet> CountAsync(QdrantIndex index, string field, QdrantFilter documents, int maxValues, CancellationToken cancellationToken)
    {
        var key = PayloadFields.Text(field);
        if (!index.Fields.Has(key))
        {
            return new Facet(field, [], 0);
        }

        var hits = await index.Client.CountFacetAsync(index.Name, new FacetPoints(key, Math.Max(MaxDistinctValues, maxValues), documents, Exact: true), cancellationToken);
        var values = hits.Select(hit => new FacetValue(hit.Value, (int)hit.Count))
            .OrderByDescending(value => value.DocumentCount).ThenBy(value => value.Value, StringComparer.Ordinal);
        return new Facet(field, [.. values.Take(maxValues)], hits.Count);
    }
}
