using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>The chunks nearest to a query, by words and by meaning.</summary>
    /// <param name="query">1 to 8,192 characters.</param>
    /// <param name="collection">"default" when empty.</param>
    /// <param name="topK">1 to 100.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public Task<SearchResult> SearchAsync(string query, string collection = "", int topK = 10, CancellationToken cancellationToken = default) =>
        SearchAsync(query, new SearchOptions { Collection = collection, TopK = topK }, cancellationToken);

    /// <summary>The chunks nearest to a query, with a filter and a say in how they are ranked.</summary>
    public async Task<SearchResult> SearchAsync(string query, SearchOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var request = options.ToRequest(query);
        var response = await CallAsync(call => _gateway.SearchAsync(request, call), cancellationToken).ConfigureAwait(false);
        return new SearchResult([.. response.Hits.Select(hit => hit.ToHit())], response.Timings.ToTimings());
    }

    /// <summary>Counts documents by the values of metadata fields.</summary>
    /// <param name="fields">1 to 16 metadata keys, "document_id", "title" or "uri".</param>
    /// <param name="collection">"default" when empty.</param>
    /// <param name="filter">Which documents to count; all when null.</param>
    /// <param name="maxValues">Per field, 1 to 1,000; 20 when 0.</param>
    /// <param name="cancellationToken">Ends the count.</param>
    public async Task<FacetCounts> CountFacetsAsync(
        IEnumerable<string> fields, string collection = "", Filter? filter = null, int maxValues = 0, CancellationToken cancellationToken = default)
    {
        var request = new V1.CountFacetsRequest { Collection = collection, Fields = { fields }, Filter = filter?.ToRequest(), MaxValues = maxValues };
        var response = await CallAsync(options => _gateway.CountFacetsAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.ToCounts();
    }
}
