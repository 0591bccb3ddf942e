using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using RagPlatform.Search.Filters;

namespace RagPlatform.Retrieval.Tests.Storage.Conformance;

/// <summary>The plainest store that keeps the contract: a second one to move collections to, and one whose failures a test decides.</summary>
internal sealed class MemoryVectorStore(ConcurrentDictionary<IndexKey, ImmutableDictionary<string, IndexedDocument>> indexes, string name = "memory") : IVectorStore
{
    private readonly Lock _writing = new();

    public string Name => name;

    /// <summary>Called before each call takes effect, with its name; throws to make it fail.</summary>
    public Action<string>? Before { get; set; }

    /// <summary>As a damage would.</summary>
    public void Forget(string documentId)
    {
        foreach (var index in indexes.Keys)
        {
            indexes[index] = indexes[index].Remove(documentId);
        }
    }

    public Task OpenAsync(CancellationToken cancellationToken) => Done(nameof(OpenAsync));

    public Task CreateAsync(IndexKey index, IndexSettings settings, CancellationToken cancellationToken)
    {
        Before?.Invoke(nameof(CreateAsync));
        indexes.TryAdd(index, ImmutableDictionary.Create<string, IndexedDocument>(StringComparer.Ordinal));
        return Task.CompletedTask;
    }

    public Task DropAsync(IndexKey index, CancellationToken cancellationToken)
    {
        Before?.Invoke(nameof(DropAsync));
        indexes.TryRemove(index, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<IndexKey>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<IndexKey>>([.. indexes.Keys]);

    public Task ReplaceAsync(IndexKey index, IndexedDocument document, CancellationToken cancellationToken)
    {
        Before?.Invoke(nameof(ReplaceAsync));
        lock (_writing)
        {
            if (!Find(index).TryGetValue(document.DocumentId, out var held) || held.Version < document.Version)
            {
                indexes[index] = Find(index).SetItem(document.DocumentId, document);
            }
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(IndexKey index, string documentId, CancellationToken cancellationToken)
    {
        Before?.Invoke(nameof(RemoveAsync));
        lock (_writing)
        {
            indexes[index] = Find(index).Remove(documentId);
        }

        return Task.CompletedTask;
    }

    public Task<long> FindVersionAsync(IndexKey index, string documentId, CancellationToken cancellationToken) =>
        Task.FromResult(Find(index).GetValueOrDefault(documentId)?.Version ?? 0);

    public async IAsyncEnumerable<HeldDocument> ListDocumentsAsync(IndexKey index, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var document in Find(index).Values)
        {
            yield return await Task.FromResult(new HeldDocument(document.DocumentId, document.Version, document.Chunks.Count));
        }
    }

    public Task<IndexedDocument?> ReadDocumentAsync(IndexKey index, string documentId, CancellationToken cancellationToken)
    {
        Before?.Invoke(nameof(ReadDocumentAsync));
        return Task.FromResult(Find(index).GetValueOrDefault(documentId));
    }

    public Task<SearchResult> SearchAsync(IndexKey index, SearchQuery query, CancellationToken cancellationToken)
    {
        Before?.Invoke(nameof(SearchAsync));
        return Task.FromResult(MemorySearch.Run(Find(index).Values, query));
    }

    public Task<FacetCounts> CountFacetsAsync(IndexKey index, IReadOnlyList<string> fields, Filter? filter, int maxValues, CancellationToken cancellationToken)
    {
        var documents = Find(index).Values.Where(document => filter is null || MemorySearch.Holds(filter, document)).ToList();
        var facets = fields.Select(field =>
        {
            var values = documents.Select(document => document.Metadata.GetValueOrDefault(field)).Where(value => value is not null)
                .GroupBy(value => value!, StringComparer.Ordinal).Select(group => new FacetValue(group.Key, group.Count()))
                .OrderByDescending(value => value.DocumentCount).ThenBy(value => value.Value, StringComparer.Ordinal).ToList();
            return new Facet(field, [.. values.Take(maxValues)], values.Count);
        });
        return Task.FromResult(new FacetCounts([.. facets], documents.Count));
    }

    public Task<IndexDescription> DescribeAsync(IndexKey index, CancellationToken cancellationToken)
    {
        Before?.Invoke(nameof(DescribeAsync));
        var documents = Find(index);
        return Task.FromResult(new IndexDescription(documents.Count, documents.Values.Sum(document => document.Chunks.Count), 0, 0, 1, 0, []));
    }

    private ImmutableDictionary<string, IndexedDocument> Find(IndexKey index) =>
        indexes.TryGetValue(index, out var documents) ? documents : throw RetrievalErrors.CollectionChanged(index.Collection.Name);

    private Task Done(string call)
    {
        Before?.Invoke(call);
        return Task.CompletedTask;
    }
}

public sealed class MemoryVectorStoreTests : VectorStoreConformance
{
    private readonly ConcurrentDictionary<IndexKey, ImmutableDictionary<string, IndexedDocument>> _indexes = new();

    protected override bool ReadsOperators => false;

    private protected override IVectorStore NewStore() => new MemoryVectorStore(_indexes);
}
