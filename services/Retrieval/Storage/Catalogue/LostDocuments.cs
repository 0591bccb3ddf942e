using RagPlatform.Contracts;
using RagPlatform.Contracts.Retrieval;

namespace RagPlatform.Retrieval.Storage.Catalogue;

/// <summary>Documents that were visible until their store lost them, and have not come again.</summary>
internal static class LostDocuments
{
    /// <returns>How many, and why one of them is.</returns>
    public static (int Count, string Reason) Count(CatalogueSession catalogue, CollectionKey collection) =>
        catalogue.Find<(int, string)>(
            """
            SELECT count(*), coalesce(min(lost_reason), '') FROM documents INDEXED BY lost_documents
            WHERE tenant = @tenant AND collection = @collection AND lost_version > 0
            """,
            new { tenant = collection.Tenant.Name, collection = collection.Name });

    public static int CountAll(CatalogueSession catalogue) => catalogue.Scalar<int>("SELECT count(*) FROM documents INDEXED BY lost_documents WHERE lost_version > 0");

    /// <summary>Those that were not told of since <paramref name="toldBefore"/>, the longest ago first; they count as told now.</summary>
    public static IReadOnlyList<DocumentLost> Take(CatalogueSession catalogue, int limit, DateTimeOffset toldBefore, DateTimeOffset now)
    {
        var rows = catalogue.Query<(long Key, string Tenant, string Collection, string DocumentId, long Version, string Reason)>(
            """
            SELECT key, tenant, collection, document_id, lost_version, lost_reason FROM documents
            WHERE lost_version > 0 AND lost_told_at < @before ORDER BY lost_told_at LIMIT @limit
            """,
            new { before = toldBefore.ToUnixTimeSeconds(), limit });
        catalogue.Execute("UPDATE documents SET lost_told_at = @now WHERE key = @Key", rows.Select(row => new { row.Key, now = now.ToUnixTimeSeconds() }));
        return [.. rows.Select(row => new DocumentLost(new DocumentKey(row.Tenant, row.Collection, row.DocumentId), row.Version, row.Reason))];
    }
}
