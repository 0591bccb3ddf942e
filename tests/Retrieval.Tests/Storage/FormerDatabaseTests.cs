using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Retrieval.Storage;
using RagPlatform.State;

namespace RagPlatform.Retrieval.Tests.Storage;

/// <summary>A data folder of the version that kept everything in retrieval.db is taken over, once.</summary>
public sealed class FormerDatabaseTests : IDisposable
{
    private readonly TestStore _test = TestStore.Unopened();

    [Fact]
    public async Task Open_WithAFormerDatabase_ShowsWhatItShowedAndKeepsItsDeletions()
    {
        WriteFormerDatabase();

        await _test.OpenAllAsync();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 3, deleted 1, staged [] [], found [3.0 3.1]");
        (await _test.DescribeAsync("gone")).ShouldBe("visible 0, deleted 5, staged [] [], found []");
        var collection = _test.Collections.Require(TestStore.Docs);
        (collection.Size, collection.Index!.Settings).ShouldBe((new CollectionSize(1, 2), new IndexSettings(Batches.Model, Batches.Dimension)));
        var document = (await _test.Vectors.ReadDocumentAsync(_test.IndexOf(), "doc", default))!;
        (document.Title, document.Metadata["version"], document.Chunks[1].HeadingPath[1]).ShouldBe(("Title doc", "3", "Section 1"));
        document.Chunks[1].Vector.ToArray().ShouldBe([0, 1, 0, 0]);
        (await _test.StageAsync(Batches.Version(Batches.Document(), 2)[0])).ShouldBe(StageOutcome.Superseded);
        (await _test.StageAsync(Batches.Version(Batches.Document("gone"), 5)[0])).ShouldBe(StageOutcome.Superseded);
    }

    [Fact]
    public async Task Open_AgainAfterTakingOver_LeavesIt()
    {
        WriteFormerDatabase();
        await _test.OpenAllAsync();
        await _test.RemoveAsync("doc", 4);

        await _test.ReopenAsync();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 0, deleted 4, staged [] [], found []");
        File.Exists(_test.FormerDatabasePath).ShouldBeFalse();
        File.Exists($"{_test.FormerDatabasePath}.taken-over").ShouldBeTrue();
    }

    [Fact]
    public async Task Open_TakingOverFails_IsDoneByTheNextOpening()
    {
        WriteFormerDatabase();
        _test.Vectors.Before = call =>
        {
            if (call == nameof(IVectorStore.ReplaceAsync))
            {
                throw new IOException(call);
            }
        };
        await Should.ThrowAsync<IOException>(() => _test.OpenAllAsync());

        await _test.ReopenAsync();

        (await _test.DescribeAsync("doc")).ShouldBe("visible 3, deleted 1, staged [] [], found [3.0 3.1]");
        (await _test.Vectors.ListAsync(default)).ShouldHaveSingleItem();
    }

    public void Dispose() => _test.Dispose();

    /// <summary>As that version wrote it: "doc" with version 3 visible and 4 arriving, "gone" deleted.</summary>
    private void WriteFormerDatabase()
    {
        using var database = new SqliteDatabase(_test.FormerDatabasePath, [Schema], Durability.Normal);
        database.WriteAsync(
            (connection, transaction, _) =>
            {
                connection.Execute(
                    """
                    INSERT INTO collections VALUES ('acme', 'docs', @Model, @Dimension);
                    INSERT INTO documents VALUES (1, 'acme', 'docs', 'doc', 3, 1), (2, 'acme', 'docs', 'gone', 0, 5);
                    """,
                    new { Batches.Model, Batches.Dimension }, transaction);
                Write(connection, transaction, Batches.Version(Batches.Document(), 3, batches: 1)[0]);
                Write(connection, transaction, Batches.Version(Batches.Document(), 4)[0]);
                return Task.CompletedTask;
            },
            default).GetAwaiter().GetResult();
    }

    private static void Write(SqliteConnection connection, SqliteTransaction transaction, Contracts.Embedding.ChunksEmbedded batch)
    {
        connection.Execute(
            "INSERT INTO versions VALUES (1, @Version, @ContentHash, @Title, @Uri, json_object('version', CAST(@Version AS TEXT)), @Model, @Dimension, @BatchCount, @ChunkCount)",
            batch, transaction);
        connection.Execute(
            "INSERT INTO chunks VALUES (1, @Version, @Ordinal, @ChunkId, @Text, @StartOffset, @EndOffset, @headings, @Vector)",
            batch.Chunks.Select(chunk => new
            {
                batch.Version, chunk.Ordinal, chunk.ChunkId, chunk.Text, chunk.StartOffset, chunk.EndOffset, chunk.Vector,
                headings = System.Text.Json.JsonSerializer.Serialize(chunk.HeadingPath),
            }),
            transaction);
    }

    private const string Schema =
        """
        CREATE TABLE collections (tenant TEXT NOT NULL, name TEXT NOT NULL, model TEXT NOT NULL, dimension INTEGER NOT NULL, PRIMARY KEY (tenant, name)) WITHOUT ROWID;
        CREATE TABLE documents (
            key INTEGER PRIMARY KEY, tenant TEXT NOT NULL, collection TEXT NOT NULL, document_id TEXT NOT NULL,
            visible_version INTEGER NOT NULL DEFAULT 0, deleted_version INTEGER NOT NULL DEFAULT 0, UNIQUE (tenant, collection, document_id));
        CREATE TABLE versions (
            document INTEGER NOT NULL REFERENCES documents (key), version INTEGER NOT NULL, content_hash TEXT NOT NULL, title TEXT NOT NULL, uri TEXT NOT NULL,
            metadata TEXT NOT NULL, model TEXT NOT NULL, dimension INTEGER NOT NULL, batch_count INTEGER NOT NULL, chunk_count INTEGER NOT NULL,
            PRIMARY KEY (document, version)) WITHOUT ROWID;
        CREATE TABLE chunks (
            document INTEGER NOT NULL, version INTEGER NOT NULL, ordinal INTEGER NOT NULL, chunk_id TEXT NOT NULL, text TEXT NOT NULL,
            start_offset INTEGER NOT NULL, end_offset INTEGER NOT NULL, heading_path TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (document, version, ordinal));
        """;
}
