using RagPlatform.Search.InMemory;
using Dapper;
using RagPlatform.Contracts.Embedding;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.EmbeddedStore;
using RagPlatform.Search;
using RagPlatform.State;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage;

/// <summary>An embedded store on a folder of its own that can be closed and opened again.</summary>
internal sealed class TestStore : IDisposable
{
    public static readonly CollectionKey Docs = CollectionKey.Require("acme", "docs");

    private readonly TestFolder _folder = new();
    private SqliteDatabase _database;

    public TestStore() => (_database, Store) = Open();

    public EmbeddedVectorStore Store { get; private set; }

    public void Reopen()
    {
        Store.Dispose();
        (_database, Store) = Open();
    }

    /// <summary>Commits a batch to the same database without this store's memory noticing, as a crash between the two steps does.</summary>
    public async Task StageBehindTheBackAsync(params ChunksEmbedded[] batches)
    {
        using var other = Open().Store;
        foreach (var batch in batches)
        {
            await other.StageAsync(Docs, batch, default);
        }
    }

    public async Task<List<StoredChunk>> FindAsync(string query, CollectionKey? collection = null)
    {
        var result = await Store.SearchAsync(collection ?? Docs, null, new InMemoryQuery(query, default, 100, 0), default);
        return [.. result.Hits.Select(hit => hit.Payload)];
    }

    /// <summary>Everything there is about a document, in the database and in memory, in one comparable string.</summary>
    public async Task<string> DescribeAsync(string documentId)
    {
        using var connection = _database.OpenReader();
        var document = connection.QuerySingleOrDefault<(long Key, long Visible, long Deleted)>(
            "SELECT key, visible_version, deleted_version FROM documents WHERE document_id = @documentId", new { documentId });
        var chunks = connection.Query<string>("SELECT version || '.' || ordinal FROM chunks WHERE document = @Key ORDER BY 1", new { document.Key });
        var staged = connection.Query<string>("SELECT version || '/' || batch_index FROM staged_batches WHERE document = @Key ORDER BY 1", new { document.Key });
        var versions = connection.Query<long>("SELECT version FROM versions WHERE document = @Key ORDER BY 1", new { document.Key });
        var found = (await FindAsync(documentId)).Where(chunk => chunk.Document.DocumentId == documentId).Select(chunk => $"{chunk.Document.Version}@{chunk.StartOffset}").Order(StringComparer.Ordinal);
        return $"visible {document.Visible}, deleted {document.Deleted}, versions [{string.Join(' ', versions)}], chunks [{string.Join(' ', chunks)}], staged [{string.Join(' ', staged)}], found [{string.Join(' ', found)}]";
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }

    private (SqliteDatabase Database, EmbeddedVectorStore Store) Open()
    {
        var database = new SqliteDatabase(_folder.File("retrieval.db"), EmbeddedStoreSchema.Migrations, Durability.Normal);
        var store = new EmbeddedVectorStore(database, new RetrievalOptions(), TimeProvider.System);
        store.Open(CancellationToken.None);
        return (database, store);
    }
}
