using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>What a put does to batches, as part of its transaction. The counters follow by themselves.</summary>
internal static class BatchWriter
{
    /// <summary>The batch comes into being with its first put.</summary>
    public static void Open(RegistryTransaction write, string tenant, string batchId) =>
        write.Execute(
            """
            INSERT INTO batches (tenant, batch_id, created_at, last_put_at) VALUES (@tenant, @batchId, @Now, @Now)
            ON CONFLICT (tenant, batch_id) DO UPDATE SET last_put_at = @Now
            """,
            new { tenant, batchId, write.Now });

    /// <summary>A put that began nothing: a version on its way is now this batch's; one at rest stays whose it was, and is only counted.</summary>
    public static void JoinUnchanged(RegistryTransaction write, VersionRow row, string batchId)
    {
        if (row.State.IsAtRest())
        {
            write.Execute(
                "UPDATE batches SET unchanged = unchanged + 1, unchanged_bytes = unchanged_bytes + @ContentBytes WHERE tenant = @Tenant AND batch_id = @batchId",
                new { row.ContentBytes, row.Tenant, batchId });
        }
        else if (row.BatchId != batchId)
        {
            write.Execute("UPDATE versions SET batch_id = @batchId WHERE version_id = @VersionId", new { batchId, row.VersionId });
        }
    }

    /// <summary>What is on its way of older versions will not be finished any more: no batch waits for it.</summary>
    public static void Overtake(RegistryTransaction write, DocumentKey key, long version) =>
        write.Execute(
            """
            UPDATE versions SET is_overtaken = 1
            WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId AND version < @version AND state <= @indexing AND is_overtaken = 0
            """,
            new { key.Tenant, key.Collection, key.DocumentId, version, indexing = DocumentState.Indexing });
}
