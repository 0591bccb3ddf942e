using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Search;
using RagPlatform.State;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

/// <summary>A catalogue on a folder of its own and the plainest store beside it, that can be closed and opened again.</summary>
internal sealed class TestStore : IDisposable
{
    public static readonly CollectionKey Docs = CollectionKey.Require("acme", "docs");

    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<IndexKey, ImmutableDictionary<string, IndexedDocument>> _indexes = new();

    private TestStore() => Create();

    public string FormerDatabasePath => _folder.File("retrieval.db");

    public CatalogueDatabase Catalogue { get; private set; } = null!;

    public Collections Collections { get; private set; } = null!;

    public VectorStores Stores { get; private set; } = null!;

    public DocumentWriter Writer { get; private set; } = null!;

    public StoreOpening Opening { get; private set; } = null!;

    /// <summary>What the collections' indexes are in.</summary>
    public MemoryVectorStore Vectors { get; private set; } = null!;

    public static TestStore Unopened() => new();

    public static async Task<TestStore> OpenAsync()
    {
        var store = new TestStore();
        await store.OpenAllAsync();
        return store;
    }

    public async Task OpenAllAsync()
    {
        Collections.Load();
        await Opening.RunAsync(Vectors, default).WithTimeout("opening");
    }

    public async Task ReopenAsync()
    {
        Close();
        Create();
        await OpenAllAsync();
    }

    public async Task<StageOutcome> StageAsync(params ChunksEmbedded[] batches)
    {
        var outcome = StageOutcome.Staged;
        foreach (var batch in batches)
        {
            var collection = CollectionKey.Require(batch.Document.Tenant, batch.Document.Collection);
            outcome = await Writer.StageAsync(collection, batch, EmbedAsync, default).WithTimeout("staging");
        }

        return outcome;
    }

    public Task<bool> RemoveAsync(string documentId, long version) => Writer.RemoveAsync(Docs, documentId, version, default).WithTimeout("removing");

    public IndexKey IndexOf(CollectionKey? collection = null) => Collections.Require(collection ?? Docs).Index!.Key;

    /// <summary>Every chunk that holds one of the words, as "document.version.ordinal", in order.</summary>
    public async Task<string[]> FindAsync(string words, CollectionKey? collection = null)
    {
        var result = await Vectors.SearchAsync(IndexOf(collection), new SearchQuery { Text = words, Fusion = FusionMethod.Lexical, TopK = 1000 }, default);
        return [.. result.Hits.Select(hit => $"{hit.Document.DocumentId}.{hit.Document.Version}.{hit.Chunk.Ordinal}").Order(StringComparer.Ordinal)];
    }

    /// <summary>Everything there is about a document, in the catalogue and in the store, in one comparable string.</summary>
    public async Task<string> DescribeAsync(string documentId)
    {
        var (document, batches, chunks) = Catalogue.Read(session =>
        {
            var row = DocumentRow.Find(session, Docs, documentId);
            return (row,
                session.Query<string>("SELECT version || '/' || batch_index FROM staged_batches WHERE document = @Key ORDER BY 1", new { row.Key }),
                session.Query<string>("SELECT version || '.' || ordinal FROM staged_chunks WHERE document = @Key ORDER BY 1", new { row.Key }));
        });
        var found = Collections.Find(Docs)?.Index is null ? [] : (await FindAsync(documentId)).Where(hit => hit.StartsWith($"{documentId}.", StringComparison.Ordinal)).Select(hit => hit[(documentId.Length + 1)..]);
        return $"visible {document.VisibleVersion}, deleted {document.DeletedVersion}, staged [{string.Join(' ', batches)}] [{string.Join(' ', chunks)}], found [{string.Join(' ', found)}]";
    }

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    /// <summary>With the first axis, of whatever model.</summary>
    private static Task<IndexedDocument> EmbedAsync(IndexedDocument document, IndexSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult(document with { Chunks = [.. document.Chunks.Select(chunk => chunk with { Vector = UnitVector.Read(Batches.Vector(0, settings.Dimension)) })] });

    private void Create()
    {
        var options = Options.Create(new RetrievalOptions());
        Vectors = new MemoryVectorStore(_indexes, RetrievalOptions.EmbeddedStore);
        Catalogue = CatalogueDatabase.Open(_folder.Path, Durability.Normal);
        Collections = new Collections(Catalogue);
        Stores = new VectorStores([Vectors]);
        var indexes = new Indexes(Catalogue, Stores, options, NullLogger<Indexes>.Instance);
        Writer = new DocumentWriter(Catalogue, Collections, Stores, indexes, options, TimeProvider.System);
        var former = new FormerDatabase(FormerDatabasePath, Catalogue, Collections, indexes, NullLogger<FormerDatabase>.Instance);
        Opening = new StoreOpening(Catalogue, Collections, Stores, former, NullLogger<StoreOpening>.Instance);
    }

    private void Close()
    {
        Collections.Dispose();
        Catalogue.Dispose();
    }
}
