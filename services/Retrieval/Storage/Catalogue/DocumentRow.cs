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
    /// <param name="chunkingHash">Empty when it is not known.</param>
    public void Show(CatalogueSession catalogue, long version, int chunkCount, string chunkingHash = "")
    {
        catalogue.Execute(
            """
            UPDATE documents SET visible_version = @version, chunk_count = @chunkCount, chunking_hash = @chunkingHash, lost_version = 0, lost_reason = '', lost_told_at = 0
            WHERE key = @Key
            """,
            new { Key, version, chunkCount, chunkingHash });
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

    /// <summary>Of those that are seen and whose chunking is known, how many were cut otherwise.</summary>
    /// <param name="chunkingHash">Not empty.</param>
    public static int CountChunkedOtherwise(CatalogueSession catalogue, CollectionKey collection, string chunkingHash) =>
        catalogue.Scalar<int>(
            """
            SELECT (SELECT count(*) FROM documents INDEXED BY documents_by_chunking
                    WHERE tenant = @tenant AND collection = @collection AND visible_version > 0 AND chunking_hash > '' AND chunking_hash < @chunkingHash)
                + (SELECT count(*) FROM documents INDEXED BY documents_by_chunking
                    WHERE tenant = @tenant AND collection = @collection AND visible_version > 0 AND chunking_hash > @chunkingHash)
            """,
            new { tenant = collection.Tenant.Name, collection = collection.Name, chunkingHash });

    /// <summary>Another index took the place of the collection's: its chunk counts, and its chunking where everything was chunked again.</summary>
    /// <param name="chunkingHash">Null where chunks were taken as they were.</param>
    public static void TakeOver(CatalogueSession catalogue, CollectionKey collection, IEnumerable<HeldDocument> held, string? chunkingHash)
    {
        var (tenant, name) = (collection.Tenant.Name, collection.Name);
        catalogue.Execute(
            """
            UPDATE documents SET chunk_count = @ChunkCount
            WHERE tenant = @tenant AND collection = @name AND document_id = @DocumentId AND chunk_count <> @ChunkCount
            """,
            held.Select(document => new { tenant, name, document.DocumentId, document.ChunkCount }));
        if (chunkingHash is not null)
        {
            catalogue.Execute("UPDATE documents SET chunking_hash = @chunkingHash WHERE tenant = @tenant AND collection = @name AND visible_version > 0", new { tenant, name, chunkingHash });
        }
    }

    private static object Names(CollectionKey collection, string documentId) =>
        new { tenant = collection.Tenant.Name, collection = collection.Name, documentId };
}
