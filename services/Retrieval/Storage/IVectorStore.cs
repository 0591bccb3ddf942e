using RagPlatform.Search;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Storage;

/// <summary>
/// Where indexes live: searchable chunks of whole document versions, nothing that is still arriving. What every store
/// must keep is in the conformance tests: a search sees each document's old version or its new one, never both, neither
/// or half; what a call reported done survives a crash; calls may be repeated.
/// </summary>
internal interface IVectorStore
{
    /// <summary>"embedded" or "qdrant".</summary>
    string Name { get; }

    /// <summary>Finds out what is there and repairs what a crash left behind. Every other call comes after.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>An empty index; nothing happens if it is there with the same settings.</summary>
    Task CreateAsync(IndexKey index, IndexSettings settings, CancellationToken cancellationToken);

    /// <summary>Deletes the index with all that it holds; nothing happens if it is not there.</summary>
    Task DropAsync(IndexKey index, CancellationToken cancellationToken);

    Task<IReadOnlyList<IndexKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Puts the version in the place of what the document had, in one step for searches. A version below the held one changes nothing.</summary>
    Task ReplaceAsync(IndexKey index, IndexedDocument document, CancellationToken cancellationToken);

    /// <summary>Takes the document out and reads back that nothing of it is left; nothing happens if it is not there.</summary>
    Task RemoveAsync(IndexKey index, string documentId, CancellationToken cancellationToken);

    /// <summary>0 if the index does not hold the document.</summary>
    Task<long> FindVersionAsync(IndexKey index, string documentId, CancellationToken cancellationToken);

    /// <summary>What searches see, in any order.</summary>
    IAsyncEnumerable<HeldDocument> ListDocumentsAsync(IndexKey index, CancellationToken cancellationToken);

    /// <summary>With chunks and vectors; null if the index does not hold the document.</summary>
    Task<IndexedDocument?> ReadDocumentAsync(IndexKey index, string documentId, CancellationToken cancellationToken);

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The store does not answer.</exception>
    Task<SearchResult> SearchAsync(IndexKey index, SearchQuery query, CancellationToken cancellationToken);

    Task<FacetCounts> CountFacetsAsync(IndexKey index, IReadOnlyList<string> fields, Filter? filter, int maxValues, CancellationToken cancellationToken);

    Task<IndexDescription> DescribeAsync(IndexKey index, CancellationToken cancellationToken);
}

/// <summary>A collection's index. The generation tells a second index from the first.</summary>
internal sealed record IndexKey(CollectionKey Collection, int Generation);

/// <summary>What an index is made for; it cannot change.</summary>
internal sealed record IndexSettings(string Model, int Dimension);
