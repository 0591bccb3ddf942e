using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>A document out of the database, with a tombstone that keeps older versions out: one transaction.</summary>
internal static class DocumentRemoval
{
    /// <returns>False if a higher version is visible.</returns>
    public static bool Run(SqliteConnection connection, SqliteTransaction transaction, CollectionKey collection, string documentId, long version)
    {
        var document = DocumentRow.FindOrAdd(connection, transaction, collection, documentId);
        var visible = document.VisibleVersion >= version ? document.VisibleVersion : 0;
        connection.Execute(
            "UPDATE documents SET visible_version = @visible, deleted_version = max(deleted_version, @version) WHERE key = @Key",
            new { document.Key, visible, version }, transaction);
        document.DropVersionsBelow(connection, transaction, version);
        return visible == 0;
    }

    /// <summary>Chunks and batches of the document's versions below <paramref name="version"/>, seen or staged.</summary>
    public static int CountBelow(SqliteConnection connection, CollectionKey collection, string documentId, long version) =>
        connection.ExecuteScalar<int>(
            """
            SELECT (SELECT count(*) FROM chunks WHERE chunks.document = documents.key AND chunks.version < @version)
                + (SELECT count(*) FROM staged_batches WHERE staged_batches.document = documents.key AND staged_batches.version < @version)
            FROM documents WHERE tenant = @tenant AND collection = @collection AND document_id = @documentId
            """,
            new { tenant = collection.Tenant.Name, collection = collection.Name, documentId, version });
}
