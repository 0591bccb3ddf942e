namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>A document out of the catalogue, with a tombstone that keeps older versions out.</summary>
internal static class DocumentRemoval
{
    /// <returns>The document as it was; null if a higher version is visible, or lost and coming again, which the deletion does not concern.</returns>
    public static DocumentRow? Run(CatalogueSession catalogue, CollectionKey collection, string documentId, long version)
    {
        var document = DocumentRow.FindOrAdd(catalogue, collection, documentId);
        catalogue.Execute(
            """
            UPDATE documents SET
                deleted_version = max(deleted_version, @version),
                visible_version = CASE WHEN visible_version >= @version THEN visible_version ELSE 0 END,
                chunk_count = CASE WHEN visible_version >= @version THEN chunk_count ELSE 0 END,
                lost_version = CASE WHEN lost_version >= @version THEN lost_version ELSE 0 END
            WHERE key = @Key
            """,
            new { document.Key, version });
        document.DropStaged(catalogue, version - 1);
        return document.VisibleVersion >= version || document.LostVersion >= version ? null : document;
    }

    /// <summary>Every document of a collection that goes: what was seen, lost or arriving stays out until something newer comes.</summary>
    public static void RunAll(CatalogueSession catalogue, CollectionKey collection)
    {
        var names = new { tenant = collection.Tenant.Name, collection = collection.Name };
        catalogue.Execute(
            """
            UPDATE documents SET
                deleted_version = max(deleted_version, visible_version, lost_version,
                    coalesce((SELECT max(version) FROM versions WHERE versions.document = documents.key), 0)),
                visible_version = 0, chunk_count = 0, lost_version = 0
            WHERE tenant = @tenant AND collection = @collection
            """,
            names);
        catalogue.Execute(
            "DELETE FROM versions WHERE document IN (SELECT key FROM documents WHERE tenant = @tenant AND collection = @collection)", names);
    }
}
