using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts.Embedding;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>One batch into the database, and the switch to its version when it is the last: one transaction.</summary>
internal sealed class BatchStaging(SqliteConnection connection, SqliteTransaction transaction, CollectionKey collection, ChunksEmbedded batch)
{
    public StageOutcome Run()
    {
        var document = DocumentRow.FindOrAdd(connection, transaction, collection, batch.Document.DocumentId);
        if (batch.Version < document.VisibleVersion || batch.Version <= document.DeletedVersion)
        {
            return StageOutcome.Superseded;
        }

        if (batch.Version == document.VisibleVersion)
        {
            return StageOutcome.Visible;
        }

        if (document.HasVersionAbove(connection, transaction, batch.Version))
        {
            return StageOutcome.Superseded;
        }

        document.DropVersionsBelow(connection, transaction, batch.Version);
        DropFormerPreparation(document);
        CollectionRow.RequireModel(connection, transaction, collection, batch);
        AddVersion(document);
        AddBatch(document);
        if (Count("staged_batches", document) < batch.BatchCount)
        {
            return StageOutcome.Staged;
        }

        Switch(document);
        return StageOutcome.Visible;
    }

    private void AddVersion(DocumentRow document)
    {
        connection.Execute(
            """
            INSERT INTO versions (document, version, content_hash, title, uri, metadata, model, dimension, batch_count, chunk_count)
            VALUES (@Key, @Version, @ContentHash, @Title, @Uri, @Metadata, @Model, @Dimension, @BatchCount, @ChunkCount)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                document.Key, batch.Version, batch.ContentHash, batch.Title, batch.Uri, Metadata = JsonSerializer.Serialize(batch.Metadata),
                batch.Model, batch.Dimension, batch.BatchCount, batch.ChunkCount,
            },
            transaction);
        var agrees = connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM versions WHERE document = @Key AND version = @Version AND content_hash = @ContentHash)",
            new { document.Key, batch.Version, batch.ContentHash }, transaction);
        if (!agrees)
        {
            throw RetrievalErrors.BatchInvalid(batch.Document, batch.Version, batch.BatchIndex,
                "its content hash differs from that of another batch of the version.");
        }
    }

    /// <summary>
    /// A version that is resumed after a restart is prepared again, perhaps by another model or with other chunk sizes:
    /// what was staged of it before cannot be completed any more. The later preparation counts.
    /// </summary>
    private void DropFormerPreparation(DocumentRow document) =>
        connection.Execute(
            """
            DELETE FROM versions WHERE document = @Key AND version = @Version AND content_hash = @ContentHash
                AND NOT (model = @Model AND dimension = @Dimension AND batch_count = @BatchCount AND chunk_count = @ChunkCount)
            """,
            new { document.Key, batch.Version, batch.ContentHash, batch.Model, batch.Dimension, batch.BatchCount, batch.ChunkCount }, transaction);

    private void AddBatch(DocumentRow document)
    {
        var added = connection.Execute(
            "INSERT INTO staged_batches (document, version, batch_index) VALUES (@Key, @Version, @BatchIndex) ON CONFLICT DO NOTHING",
            new { document.Key, batch.Version, batch.BatchIndex }, transaction);
        if (added == 0)
        {
            return;
        }

        connection.Execute(
            """
            INSERT INTO chunks (document, version, ordinal, chunk_id, text, start_offset, end_offset, heading_path, vector)
            VALUES (@Key, @Version, @Ordinal, @ChunkId, @Text, @StartOffset, @EndOffset, @HeadingPath, @Vector)
            ON CONFLICT DO NOTHING
            """,
            batch.Chunks.Select(chunk => new
            {
                document.Key, batch.Version, chunk.Ordinal, chunk.ChunkId, chunk.Text, chunk.StartOffset, chunk.EndOffset,
                HeadingPath = JsonSerializer.Serialize(chunk.HeadingPath), chunk.Vector,
            }),
            transaction);
    }

    private void Switch(DocumentRow document)
    {
        var chunks = Count("chunks", document);
        if (chunks != batch.ChunkCount)
        {
            throw RetrievalErrors.BatchInvalid(batch.Document, batch.Version, batch.BatchIndex,
                $"its version's {batch.BatchCount} batches hold {chunks} different chunks, {batch.ChunkCount} were announced.");
        }

        connection.Execute("UPDATE documents SET visible_version = @Version WHERE key = @Key", new { document.Key, batch.Version }, transaction);
        connection.Execute("DELETE FROM staged_batches WHERE document = @Key AND version = @Version", new { document.Key, batch.Version }, transaction);
        document.DropVersionsBelow(connection, transaction, batch.Version);
    }

    private int Count(string table, DocumentRow document) =>
        connection.ExecuteScalar<int>($"SELECT count(*) FROM {table} WHERE document = @Key AND version = @Version", new { document.Key, batch.Version }, transaction);
}
