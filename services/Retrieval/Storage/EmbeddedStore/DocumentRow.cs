using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>What is known of a document's versions; versions below both numbers are of no interest any more.</summary>
internal sealed class DocumentRow
{
    public long Key { get; init; }
    public long VisibleVersion { get; init; }
    public long DeletedVersion { get; init; }

    /// <summary>Of a document never heard of before: no version visible, none deleted.</summary>
    public static DocumentRow FindOrAdd(SqliteConnection connection, SqliteTransaction transaction, CollectionKey collection, string documentId)
    {
        var names = new { tenant = collection.Tenant.Name, collection = collection.Name, documentId };
        connection.Execute(
            "INSERT INTO documents (tenant, collection, document_id) VALUES (@tenant, @collection, @documentId) ON CONFLICT DO NOTHING",
            names, transaction);
        return connection.QuerySingle<DocumentRow>(
            """
            SELECT key AS Key, visible_version AS VisibleVersion, deleted_version AS DeletedVersion
            FROM documents WHERE tenant = @tenant AND collection = @collection AND document_id = @documentId
            """,
            names, transaction);
    }

    public bool HasVersionAbove(SqliteConnection connection, SqliteTransaction transaction, long version) =>
        connection.ExecuteScalar<bool>("SELECT EXISTS (SELECT 1 FROM versions WHERE document = @Key AND version > @version)", new { Key, version }, transaction);

    /// <summary>Drops every version that lost, with its chunks and batches: all below <paramref name="floor"/> but the visible one.</summary>
    public void DropVersionsBelow(SqliteConnection connection, SqliteTransaction transaction, long floor) =>
        connection.Execute(
            """
            DELETE FROM versions WHERE document = @Key AND version < @floor
                AND version <> (SELECT visible_version FROM documents WHERE key = @Key)
            """,
            new { Key, floor }, transaction);
}
