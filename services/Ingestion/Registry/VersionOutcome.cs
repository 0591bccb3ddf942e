using Microsoft.Extensions.Options;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Records what the index reports, and drops what is then no longer needed.</summary>
public sealed class VersionOutcome(RegistryDatabase registry, IOptions<IngestionOptions> options)
{
    private const int MaxReasonCharacters = 500;

    /// <summary>
    /// Searches see this version. Its predecessors' bytes go, and their texts but for the last few, which may still be
    /// quoted. A deletion that it overtook is done, for the index holds nothing older.
    /// </summary>
    /// <returns>What it moved, or null when it changed nothing.</returns>
    public Task<Arrival?> RecordIndexedAsync(DocumentKey key, long version, int chunkCount, CancellationToken cancellationToken) =>
        registry.WriteAsync<Arrival?>(
            key,
            write =>
            {
                if (write.Find(key, version) is not { ContentHash: not "" } row || DocumentTransitions.Judge(row.State, DocumentState.Indexed) is not Transition.Move)
                {
                    return null;
                }

                if (FindOvertakenDeletion(write, key, version) is { } deletion)
                {
                    Unindex(write, key, deletion);
                }

                write.Move(row, DocumentState.Indexed, detail: $"{chunkCount} chunks searchable");
                write.Execute(
                    "UPDATE documents SET indexed_version = max(indexed_version, @version) WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId",
                    new { version, key.Tenant, key.Collection, key.DocumentId });
                var parameters = new { version, key.Tenant, key.Collection, key.DocumentId, oldestKept = version - options.Value.KeptVersions + 1 };
                write.Execute($"UPDATE versions SET queue_state = 0 WHERE version_id IN ({Versions} AND version < @version) AND queue_state > 0", parameters);
                write.Execute($"DELETE FROM contents WHERE version_id IN ({Versions} AND version < @version)", parameters);
                write.Execute($"DELETE FROM texts WHERE version_id IN ({Versions} AND version < @oldestKept)", parameters);
                write.Execute("DELETE FROM embedded_batches WHERE version_id = @VersionId", new { row.VersionId });
                write.Execute("UPDATE versions SET embedded_chunks = chunk_count, updated_at = @Now WHERE version_id = @VersionId AND embedded_chunks <> chunk_count", new { write.Now, row.VersionId });
                return new Arrival(TimeSpan.FromMilliseconds(write.Now - row.StateSince), TimeSpan.FromMilliseconds(write.Now - row.CreatedAt));
            },
            cancellationToken);

    /// <summary>No index holds anything of the document from before this deletion: everything that the registry holds of it goes too.</summary>
    public Task<bool> RecordUnindexedAsync(DocumentKey key, long version, CancellationToken cancellationToken) =>
        registry.WriteAsync(
            key,
            write => write.Find(key, version) is { ContentHash: "" } row && Unindex(write, key, row),
            cancellationToken);

    /// <summary>
    /// Searches no longer see this version, which the index has lost: it begins again. Nothing happens to one that is
    /// not what searches saw, or that already is on its way again.
    /// </summary>
    /// <returns>The version to announce; null when there is nothing to be done.</returns>
    public Task<DocumentVersion?> RecordLostAsync(DocumentKey key, long version, string reason, CancellationToken cancellationToken) =>
        registry.WriteAsync(
            key,
            write =>
            {
                if (write.Find(key, version) is not { State: DocumentState.Indexed } row || row.IndexedVersion != version)
                {
                    return null;
                }

                write.Execute(
                    "UPDATE documents SET indexed_version = 0 WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId",
                    new { key.Tenant, key.Collection, key.DocumentId });
                write.Execute("UPDATE versions SET attempts = 0, is_lost = 1 WHERE version_id = @VersionId", new { row.VersionId });
                write.Move(row, DocumentState.Received, detail: $"index lost: {Shorten(reason)}");
                // It waits for what is to supersede it, and comes back if that fails; a deletion that fails brings nothing back.
                write.Execute(
                    $"""
                    UPDATE versions SET is_overtaken = @IsSuperseded,
                        queue_state = CASE WHEN EXISTS ({Versions} AND version > @version AND content_hash = '') THEN 0 ELSE queue_state END
                    WHERE version_id = @VersionId
                    """,
                    new { row.IsSuperseded, version, row.VersionId, key.Tenant, key.Collection, key.DocumentId });
                return row.IsSuperseded ? null : write.Find(key, version)!.ToVersion();
            },
            cancellationToken);

    private static string Shorten(string reason) => reason.Length <= MaxReasonCharacters ? reason : string.Concat(reason.AsSpan(0, MaxReasonCharacters), "…");

    private static bool Unindex(RegistryTransaction write, DocumentKey key, VersionRow deletion)
    {
        if (write.Move(deletion, DocumentState.Deleted) is not Transition.Move)
        {
            return false;
        }

        var parameters = new { deletion.Version, key.Tenant, key.Collection, key.DocumentId };
        write.Execute($"DELETE FROM versions WHERE version_id IN ({Versions} AND version < @Version)", parameters);
        write.Execute(
            "UPDATE documents SET indexed_version = 0 WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId AND indexed_version < @Version",
            parameters);
        return true;
    }

    private static VersionRow? FindOvertakenDeletion(RegistryTransaction write, DocumentKey key, long version) =>
        VersionRow.Query(
            write.Connection,
            "WHERE v.version_id = (SELECT max(version_id) FROM versions WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId AND version < @version AND content_hash = '' AND state <> 9)",
            new { version, key.Tenant, key.Collection, key.DocumentId },
            write.Transaction).SingleOrDefault();

    private const string Versions = "SELECT version_id FROM versions WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId";
}

/// <param name="Indexing">How long it was in its last state.</param>
/// <param name="Total">Since it was received.</param>
public sealed record Arrival(TimeSpan Indexing, TimeSpan Total);
