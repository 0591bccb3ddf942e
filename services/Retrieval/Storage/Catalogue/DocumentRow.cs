using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>What is known of a document's versions; all zeros for one never heard of.</summary>
internal sealed class DocumentRow
{
    public const string Columns =
        """
        key AS Key, document_id AS DocumentId, visible_version AS VisibleVersion, chunk_count AS ChunkCount,
        deleted_version AS DeletedVersion, lost_version AS LostVersion
        """;

    public long Key { get; init; }
    public string DocumentId { get; init; } = "";
    public long VisibleVersion { get; init; }
    public int ChunkCount { get; init; }
    public long DeletedVersion { get; init; }
    public long LostVersion { get; init; }

    /// <summary>The document's part of what searches see.</summary>
    public CollectionSize Size => VisibleVersion > 0 ? new CollectionSize(1, ChunkCount) : default;

    public static DocumentRow Find(CatalogueSession catalogue, CollectionKey collection, string documentId) =>
        catalogue.Find<DocumentRow>(
            $"SELECT {Columns} FROM documents WHERE tenant = @tenant AND collection = @collection AND document_id = @documentId",
            Names(collection, documentId)) ?? new DocumentRow { DocumentId = documentId };

    public static DocumentRow FindOrAdd(CatalogueSession catalogue, CollectionKey collection, string documentId)
    {
        catalogue.Execute(
            "INSERT INTO documents (tenant, collection, document_id) VALUES (@tenant, @collection, @documentId) ON CONFLICT DO NOTHING",
            Names(collection, documentId));
        return Find(catalogue, collection, documentId);
    }

    /// <summary>All that were ever heard of in the collection, tombstones too.</summary>
    public static IReadOnlyList<DocumentRow> All(CatalogueSession catalogue, CollectionKey collection) =>
        catalogue.Query<DocumentRow>(
            $"SELECT {Columns} FROM documents WHERE tenant = @tenant AND collection = @collection",
            new { tenant = collection.Tenant.Name, collection = collection.Name });

    /// <summary>Searches see this version now, and nothing of the document is arriving below it.</summary>
    public void Show(CatalogueSession catalogue, long version, int chunkCount)
    {
        catalogue.Execute(
            """
            UPDATE documents SET visible_version = @version, chunk_count = @chunkCount, lost_version = 0, lost_reason = '', lost_told_at = 0
            WHERE key = @Key
            """,
            new { Key, version, chunkCount });
        DropStaged(catalogue, version);
    }

    /// <summary>As <see cref="Show"/>, also where the version was deleted.</summary>
    public void Restore(CatalogueSession catalogue, long version, int chunkCount)
    {
        catalogue.Execute("UPDATE documents SET deleted_version = min(deleted_version, @version - 1) WHERE key = @Key", new { Key, version });
        Show(catalogue, version, chunkCount);
    }

    /// <summary>What the store lost is to be prepared again.</summary>
    public void MarkLost(CatalogueSession catalogue, string reason) =>
        catalogue.Execute(
            "UPDATE documents SET lost_version = visible_version, visible_version = 0, chunk_count = 0, lost_reason = @reason, lost_told_at = 0 WHERE key = @Key",
            new { Key, reason });

    /// <summary>Drops what is staged up to a version, with its batches and chunks.</summary>
    public void DropStaged(CatalogueSession catalogue, long upToVersion) =>
        catalogue.Execute("DELETE FROM versions WHERE document = @Key AND version <= @upToVersion", new { Key, upToVersion });

    /// <summary>Another index took the place of the collection's: its chunk counts, and nothing that arrives with vectors of the former model any more.</summary>
    public static void TakeOver(CatalogueSession catalogue, CollectionKey collection, IndexSettings settings, IEnumerable<HeldDocument> held)
    {
        var (tenant, name) = (collection.Tenant.Name, collection.Name);
        catalogue.Execute(
            """
            UPDATE documents SET chunk_count = @ChunkCount
            WHERE tenant = @tenant AND collection = @name AND document_id = @DocumentId AND chunk_count <> @ChunkCount
            """,
            held.Select(document => new { tenant, name, document.DocumentId, document.ChunkCount }));
        catalogue.Execute(
            """
            DELETE FROM versions WHERE (model <> @Model OR dimension <> @Dimension)
                AND document IN (SELECT key FROM documents WHERE tenant = @tenant AND collection = @name)
            """,
            new { settings.Model, settings.Dimension, tenant, name });
    }

    private static object Names(CollectionKey collection, string documentId) =>
        new { tenant = collection.Tenant.Name, collection = collection.Name, documentId };
}
