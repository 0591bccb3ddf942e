using System.Runtime.InteropServices;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Begins versions: new content, a new attempt at failed content, a deletion. Durable when a call returns.</summary>
public sealed class DocumentWriter(RegistryDatabase registry)
{
    /// <summary>
    /// The same content as the latest version's changes nothing, unless that version failed: then it is begun again.
    /// Other content becomes the next version.
    /// </summary>
    public Task<Registration> RegisterAsync(NewVersion content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return registry.WriteAsync(content.Key, write => Register(write, content), cancellationToken);
    }

    /// <summary>The deletion's version; the one under way if the document is being deleted; null when there is no document or it is deleted.</summary>
    /// <param name="key">The document.</param>
    /// <param name="batchId">That the deletion belongs to; empty for none.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    public Task<DocumentVersion?> RequestDeletionAsync(DocumentKey key, string batchId, CancellationToken cancellationToken) =>
        registry.WriteAsync(key, write => RequestDeletion(write, key, batchId), cancellationToken);

    /// <summary>
    /// As <see cref="RequestDeletionAsync"/> for the next documents of a collection, in one step: those that are deleted
    /// already are passed over, those that are being deleted are given again.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="collection">Of the documents.</param>
    /// <param name="afterId">Begins after this document; the first when empty.</param>
    /// <param name="limit">Documents at most.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    /// <returns>The deletions, by id; fewer than the limit at the collection's end.</returns>
    public Task<IReadOnlyList<DocumentVersion>> RequestDeletionsAsync(string tenant, string collection, string afterId, int limit, CancellationToken cancellationToken) =>
        registry.WriteManyAsync(
            write =>
            {
                var ids = write.Connection.Query<string>(
                    """
                    SELECT document_id FROM documents
                    WHERE tenant = @tenant AND collection = @collection AND document_id > @afterId AND state <> 9
                    ORDER BY document_id LIMIT @limit
                    """,
                    new { tenant, collection, afterId, limit },
                    write.Transaction).AsList();
                return [.. ids.Select(id => RequestDeletion(write, new DocumentKey(tenant, collection, id), batchId: "")!)];
            },
            cancellationToken);

    /// <summary>
    /// Deletes what an index holds and the registry does not: a new version above the held one, so that the deletion reaches it
    /// and whatever is put under that id later is above both.
    /// </summary>
    /// <param name="key">The document.</param>
    /// <param name="latestVersion">Of the registry when that was found; 0: none.</param>
    /// <param name="heldVersion">That the index holds.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    /// <returns>The deletion to announce; null when something was put since, or is on its way.</returns>
    public Task<DocumentVersion?> RetireAsync(DocumentKey key, long latestVersion, long heldVersion, CancellationToken cancellationToken) =>
        registry.WriteAsync(key, write => Retire(write, key, latestVersion, heldVersion), cancellationToken);

    /// <summary>
    /// Gives the latest version, which searches should see, a number above that of what an index holds, and begins it anew: a
    /// registry that was restored from an older backup has given numbers twice.
    /// </summary>
    /// <returns>The version to announce; null when it is no longer the latest or has no content.</returns>
    public Task<DocumentVersion?> LiftAsync(DocumentKey key, long version, long heldVersion, CancellationToken cancellationToken) =>
        registry.WriteAsync(key, write => Lift(write, key, version, heldVersion), cancellationToken);

    private static DocumentVersion? Retire(RegistryTransaction write, DocumentKey key, long latestVersion, long heldVersion)
    {
        var latest = write.FindLatest(key);
        return (latest?.Version ?? 0) == latestVersion && latest?.State.IsAtRest() is not false
            ? Begin(write, Deletion(key), Math.Max(latestVersion, heldVersion) + 1, DocumentState.Deleting).ToVersion()
            : null;
    }

    private static DocumentVersion? Lift(RegistryTransaction write, DocumentKey key, long version, long heldVersion)
    {
        if (write.FindLatest(key) is not { State: DocumentState.Indexed } latest || latest.Version != version)
        {
            return null;
        }

        var parameters = new { key.Tenant, key.Collection, key.DocumentId, latest.VersionId, lifted = heldVersion + 1 };
        write.Execute("UPDATE versions SET version = @lifted, attempts = 0 WHERE version_id = @VersionId", parameters);
        write.Execute(
            "UPDATE documents SET latest_version = @lifted, indexed_version = 0 WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId",
            parameters);
        write.Move(write.Find(key, heldVersion + 1)!, DocumentState.Received, detail: $"the index holds version {heldVersion}, which this registry never gave");
        return write.Find(key, heldVersion + 1)!.ToVersion();
    }

    /// <summary>Begins failed versions again, deletions too, with their attempts reset.</summary>
    /// <param name="failed">As they were read; those that moved meanwhile are left alone.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    /// <returns>Those that were begun, to announce.</returns>
    public Task<IReadOnlyList<DocumentVersion>> RedriveAsync(IReadOnlyList<DocumentVersion> failed, CancellationToken cancellationToken) =>
        registry.WriteManyAsync(write => [.. failed.Select(version => Redrive(write, version)).OfType<DocumentVersion>()], cancellationToken);

    private static DocumentVersion? Redrive(RegistryTransaction write, DocumentVersion failed)
    {
        if (write.FindLatest(failed.Key) is not { State: DocumentState.Failed } row || row.Version != failed.Version)
        {
            return null;
        }

        write.Execute("UPDATE versions SET attempts = 0, announced_by = NULL, not_before = 0 WHERE version_id = @VersionId", new { row.VersionId });
        write.Move(row, row.ContentHash.Length == 0 ? DocumentState.Deleting : DocumentState.Received, detail: $"redriven after {failed.Failure!.Code}");
        return write.Find(failed.Key, failed.Version)!.ToVersion();
    }

    private static Registration Register(RegistryTransaction write, NewVersion content)
    {
        if (content.BatchId.Length > 0)
        {
            BatchWriter.Open(write, content.Key.Tenant, content.BatchId);
        }

        var latest = write.FindLatest(content.Key);
        if (latest is not null && latest.ContentHash == content.ContentHash)
        {
            var repeated = latest.State is DocumentState.Failed && content.Refusal is null;
            if (repeated)
            {
                write.Execute(
                    """
                    UPDATE versions SET attempts = 0, traceparent = coalesce(@TraceParent, traceparent), batch_id = CASE WHEN @BatchId = '' THEN batch_id ELSE @BatchId END
                    WHERE version_id = @VersionId
                    """,
                    new { content.TraceParent, content.BatchId, latest.VersionId });
                write.Move(latest, DocumentState.Received, detail: "put again after a failure");
            }
            else if (content.BatchId.Length > 0)
            {
                BatchWriter.JoinUnchanged(write, latest, content.BatchId);
            }

            return new Registration(write.Find(content.Key, latest.Version)!.ToVersion(), Unchanged: !repeated);
        }

        var version = Begin(write, content, (latest?.Version ?? 0) + 1, content.Refusal is null ? DocumentState.Received : DocumentState.Failed);
        if (content.Refusal is null)
        {
            using var command = write.Connection.CreateCommand();
            command.Transaction = write.Transaction;
            command.CommandText = "INSERT INTO contents (version_id, content) VALUES (@id, @content)";
            command.Parameters.AddWithValue("@id", version.VersionId);
            command.Parameters.Add("@content", SqliteType.Blob).Value = ToArray(content.Content);
            command.ExecuteNonQuery();
        }

        return new Registration(version.ToVersion(), Unchanged: false);
    }

    private static DocumentVersion? RequestDeletion(RegistryTransaction write, DocumentKey key, string batchId)
    {
        if (batchId.Length > 0)
        {
            BatchWriter.Open(write, key.Tenant, batchId);
        }

        var latest = write.FindLatest(key);
        switch (latest)
        {
            case null or { State: DocumentState.Deleted }:
                return null;
            case { State: DocumentState.Deleting }:
                return latest.ToVersion();
        }

        return Begin(write, Deletion(key) with { BatchId = batchId }, latest.Version + 1, DocumentState.Deleting).ToVersion();
    }

    private static NewVersion Deletion(DocumentKey key) => new()
    {
        Key = key,
        ContentHash = "",
        ContentType = "",
        Title = "",
        Uri = "",
        Metadata = new Dictionary<string, string>(),
        Content = default,
        TraceParent = RegistryTransaction.CurrentTrace(),
    };

    private static VersionRow Begin(RegistryTransaction write, NewVersion content, long version, DocumentState state)
    {
        var refusal = content.Refusal?.Bounded();
        if (version > 1 && refusal is null)
        {
            BatchWriter.Overtake(write, content.Key, version);
        }

        write.Execute(
            """
            INSERT INTO documents (tenant, collection, document_id, latest_version, state, created_at)
            VALUES (@Tenant, @Collection, @DocumentId, @version, @state, @Now)
            ON CONFLICT (tenant, collection, document_id) DO UPDATE SET latest_version = @version, state = @state
            """,
            new { content.Key.Tenant, content.Key.Collection, content.Key.DocumentId, version, state, write.Now });
        write.Execute(
            """
            INSERT INTO versions (tenant, collection, document_id, version, state, failure_step, failure_code, failure_reason, failure_remedy,
                content_hash, content_type, title, uri, metadata, content_bytes, traceparent, batch_id, queue_state, queue_rank, created_at, updated_at, state_since)
            VALUES (@Tenant, @Collection, @DocumentId, @version, @state, @Step, @Code, @Reason, @Remedy,
                @ContentHash, @ContentType, @Title, @Uri, @metadata, @contentBytes, @TraceParent, @BatchId, @queue, @rank, @Now, @Now, @Now)
            """,
            new
            {
                content.Key.Tenant, content.Key.Collection, content.Key.DocumentId, version, state,
                refusal?.Step, refusal?.Code, refusal?.Reason, refusal?.Remedy,
                content.ContentHash, content.ContentType, content.Title, content.Uri,
                metadata = JsonSerializer.Serialize(content.Metadata), contentBytes = content.Content.Length, content.TraceParent, content.BatchId,
                queue = state is DocumentState.Received ? QueueState.Waiting : QueueState.None, rank = QueueRank.Of(write.Now, content.Content.Length), write.Now,
            });
        if (refusal is null)
        {
            // What it supersedes leaves the queue, but for what the index has lost: that comes back if this one fails.
            write.Execute(
                """
                UPDATE versions SET queue_state = 0
                WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId AND version < @version AND queue_state > 0 AND (is_lost = 0 OR @isDeletion)
                """,
                new { content.Key.Tenant, content.Key.Collection, content.Key.DocumentId, version, isDeletion = state is DocumentState.Deleting });
        }

        var row = write.Find(content.Key, version)!;
        write.Log(row, state, refusal, content.Detail);
        return row;
    }

    private static byte[] ToArray(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : content.ToArray();
}
