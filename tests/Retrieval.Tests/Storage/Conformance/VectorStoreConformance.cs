using System.Globalization;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using RagPlatform.Search.Filters;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage.Conformance;

/// <summary>What every store must keep. A store's test class derives from this and says how to open one.</summary>
public abstract partial class VectorStoreConformance : IAsyncLifetime
{
    private protected static readonly IndexSettings Settings = new("fake-model", IndexedDocuments.Dimension);
    private protected static readonly IndexKey Index = new(CollectionKey.Require("acme", "docs"), 1);

    private protected IVectorStore Store { get; private set; } = null!;

    /// <summary>A store, not yet opened, on the same data each time.</summary>
    private protected abstract IVectorStore NewStore();

    /// <summary>Whether the store reads phrases, required and excluded words, and prefixes.</summary>
    protected virtual bool ReadsOperators => true;

    public virtual async Task InitializeAsync()
    {
        Store = NewStore();
        await Store.OpenAsync(default).WithTimeout("opening");
        await Store.CreateAsync(Index, Settings, default).WithTimeout("creating");
    }

    public virtual async Task DisposeAsync() => await CloseAsync();

    private protected async Task ReopenAsync()
    {
        await CloseAsync();
        Store = NewStore();
        await Store.OpenAsync(default).WithTimeout("opening again");
    }

    private protected Task PutAsync(params IndexedDocument[] documents) => PutAsync(Index, documents);

    private protected async Task PutAsync(IndexKey index, params IndexedDocument[] documents)
    {
        foreach (var document in documents)
        {
            await Store.ReplaceAsync(index, document, default).WithTimeout("replacing");
        }
    }

    /// <summary>Every chunk that BM25 finds, as "document.version.ordinal", in no order.</summary>
    private protected async Task<string[]> FindAsync(string words, Filter? filter = null, IndexKey? index = null) =>
        Describe(await SearchAsync(new SearchQuery { Text = words, Fusion = FusionMethod.Lexical, TopK = 1000, Filter = filter }, index));

    private protected async Task<SearchResult> SearchAsync(SearchQuery query, IndexKey? index = null) =>
        await Store.SearchAsync(index ?? Index, query, default).WithTimeout("searching");

    private protected async Task<Dictionary<string, (long Version, int Chunks)>> ListAsync(IndexKey? index = null)
    {
        var held = new Dictionary<string, (long, int)>(StringComparer.Ordinal);
        await foreach (var document in Store.ListDocumentsAsync(index ?? Index, default))
        {
            held.Add(document.DocumentId, (document.Version, document.ChunkCount));
        }

        return held;
    }

    private protected static string[] Describe(SearchResult result) =>
        [.. result.Hits.Select(hit => string.Create(CultureInfo.InvariantCulture, $"{hit.Document.DocumentId}.{hit.Document.Version}.{hit.Chunk.Ordinal}")).Order(StringComparer.Ordinal)];

    private async Task CloseAsync()
    {
        if (Store is IAsyncDisposable open)
        {
            await open.DisposeAsync().AsTask().WithTimeout("closing");
        }
        else
        {
            (Store as IDisposable)?.Dispose();
        }
    }
}
