using System.Runtime.InteropServices;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;
using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Registry;

/// <summary>Records what happens to a version after it was received. Every report may be late, repeated or out of order.</summary>
public sealed class VersionProgress(RegistryDatabase registry, Microsoft.Extensions.Options.IOptions<IngestionOptions> options)
{
    /// <summary>Between two tries while a service is down, unless the resume interval is longer.</summary>
    public const int MaxPostponementSeconds = 900;

    /// <summary>
    /// Takes a waiting version, to process it or to process it again: its content, or null when that is not to be done
    /// (superseded, at rest, taken). A version begun too often without reaching its chunks fails here, so that what kills a
    /// process cannot do so for ever.
    /// </summary>
    public async Task<BegunVersion?> BeginAsync(DocumentKey key, long version, CancellationToken cancellationToken)
    {
        var begun = await registry.WriteAsync(
            key,
            write =>
            {
                if (write.Find(key, version) is not { IsSuperseded: false, QueueState: QueueState.Waiting } row)
                {
                    return null;
                }

                var isCounted = row.State < DocumentState.Embedding;
                if (isCounted && row.Attempts >= options.Value.MaxAttempts)
                {
                    write.Move(row, DocumentState.Failed, DocumentFailures.TooManyAttempts(row.State, row.Attempts));
                    return null;
                }

                write.Execute(
                    "UPDATE versions SET queue_state = @Taken, attempts = attempts + @one, is_overtaken = 0, updated_at = @Now WHERE version_id = @VersionId",
                    new { QueueState.Taken, one = isCounted ? 1 : 0, write.Now, row.VersionId });
                write.Move(row, DocumentState.Extracting);
                return write.Find(key, version);
            },
            cancellationToken);
        return begun is not null && ReadContent(begun.VersionId) is { } content ? new BegunVersion(begun.ToVersion(), content) : null;
    }

    /// <summary>
    /// Stores the text with its outline; the title is taken when the document was put without one. False when the version is
    /// no longer to be processed.
    /// </summary>
    public Task<bool> RecordTextAsync(DocumentKey key, long version, ExtractedDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        var outline = DocumentOutline.Of(document);
        return AdvanceAsync(key, version, DocumentState.Chunking, Describe(document), (write, row) =>
        {
            using var command = write.Connection.CreateCommand();
            command.Transaction = write.Transaction;
            command.CommandText = "INSERT INTO texts (version_id, text) VALUES (@id, @text) ON CONFLICT (version_id) DO UPDATE SET text = @text";
            command.Parameters.AddWithValue("@id", row.VersionId);
            command.Parameters.Add("@text", SqliteType.Blob).Value = MemoryMarshal.AsBytes(document.Text.AsSpan()).ToArray();
            command.ExecuteNonQuery();
            StoredOutlines.Write(write, row.VersionId, outline);
            write.Execute(
                "UPDATE versions SET text_characters = @Length, title = CASE WHEN title = '' THEN @Title ELSE title END WHERE version_id = @VersionId",
                new { document.Text.Length, document.Title, row.VersionId });
        }, cancellationToken);
    }

    /// <summary>How much there is, and what its reader should know; bounded, for a log that is read.</summary>
    private static string Describe(ExtractedDocument document)
    {
        const int maxCharacters = 1000;
        var detail = string.Join(" ", document.Warnings.Prepend($"{document.Text.Length} characters{(document.Warnings.Count > 0 ? "." : "")}"));
        return detail.Length <= maxCharacters ? detail : string.Concat(detail.AsSpan(0, maxCharacters - 1), "…");
    }

    /// <summary>Records how the text was cut, before the first batch leaves. False when the version is no longer to be processed.</summary>
    public Task<bool> RecordChunksAsync(DocumentKey key, long version, int chunkCount, int batchCount, CancellationToken cancellationToken) =>
        AdvanceAsync(key, version, DocumentState.Embedding, $"{chunkCount} chunk{(chunkCount == 1 ? "" : "s")} in {batchCount} batch{(batchCount == 1 ? "" : "es")}", (write, row) =>
        {
            write.Execute(
                """
                UPDATE versions SET chunk_count = @chunkCount, batch_count = @batchCount,
                    embedded_chunks = CASE WHEN batch_count = @batchCount THEN min(embedded_chunks, @chunkCount) ELSE 0 END
                WHERE version_id = @VersionId
                """,
                new { chunkCount, batchCount, row.VersionId });
            if (row.BatchCount != batchCount)
            {
                write.Execute("DELETE FROM embedded_batches WHERE version_id = @VersionId", new { row.VersionId });
            }
        }, cancellationToken);

    /// <summary>Records that a batch has its vectors; with the last one the version is on its way to the index.</summary>
    /// <returns>How long it has been embedding, when this was the last batch; else null.</returns>
    public Task<TimeSpan?> RecordEmbeddedAsync(DocumentKey key, long version, int batchIndex, int batchCount, CancellationToken cancellationToken) =>
        registry.WriteAsync<TimeSpan?>(
            key,
            write =>
            {
                // Another count belongs to an attempt that cut the text differently.
                if (write.Find(key, version) is not { } row || row.State.IsAtRest() || row.BatchCount != batchCount || batchIndex < 0 || batchIndex >= batchCount)
                {
                    return null;
                }

                write.Execute("INSERT OR IGNORE INTO embedded_batches (version_id, batch_index) VALUES (@VersionId, @batchIndex)", new { row.VersionId, batchIndex });
                var embedded = write.Connection.ExecuteScalar<int>("SELECT count(*) FROM embedded_batches WHERE version_id = @VersionId", new { row.VersionId }, write.Transaction);
                write.Execute(
                    "UPDATE versions SET updated_at = @Now, embedded_chunks = chunk_count * @embedded / batch_count WHERE version_id = @VersionId",
                    new { write.Now, embedded, row.VersionId });
                return embedded == batchCount && write.Move(row, DocumentState.Indexing, detail: $"{row.ChunkCount} chunk{(row.ChunkCount == 1 ? "" : "s")} embedded") is Transition.Move
                    ? TimeSpan.FromMilliseconds(write.Now - row.StateSince)
                    : null;
            },
            cancellationToken);

    /// <summary>Fails the version if it is still on its way.</summary>
    public Task<bool> FailAsync(DocumentKey key, long version, DocumentFailure failure, CancellationToken cancellationToken) =>
        registry.WriteAsync(
            key,
            write => write.Find(key, version) is { } row && write.Move(row, DocumentState.Failed, failure) is Transition.Move,
            cancellationToken);

    /// <summary>
    /// It has sent nothing since it was received, or received again: what a consumer gave up of it was of a former attempt, which
    /// this one makes up for.
    /// </summary>
    public bool HasSentNothing(DocumentKey key, long version)
    {
        using var connection = registry.OpenReader();
        return VersionRow.Find(connection, null, key, version) is { State: < DocumentState.Embedding };
    }

    /// <summary>
    /// Lets the version wait for a service that is down, the longer the longer that has been down; fails it when its patience
    /// is at an end. Nothing of it counts as an attempt.
    /// </summary>
    /// <param name="key">The document.</param>
    /// <param name="version">The version.</param>
    /// <param name="reason">What is down.</param>
    /// <param name="outage">For how long.</param>
    /// <param name="cancellationToken">Ends the wait for the registry.</param>
    public Task<bool> PostponeAsync(DocumentKey key, long version, string reason, TimeSpan outage, CancellationToken cancellationToken) =>
        PostponeAsync(
            key, version, reason, (_, _) => outage,
            (row, _) => outage >= TimeSpan.FromHours(options.Value.DependencyPatienceHours) ? DocumentFailures.DependencyDown(row.State, reason, row.Attempts) : null,
            cancellationToken);

    /// <summary>Lets the version wait after a try that failed for a reason nobody foresaw, and was counted; fails it after the last one.</summary>
    public Task<bool> PostponeAsync(DocumentKey key, long version, string reason, CancellationToken cancellationToken) =>
        PostponeAsync(
            key, version, reason, (_, _) => TimeSpan.Zero,
            (row, _) => row.Attempts >= options.Value.MaxAttempts ? DocumentFailures.StepFailed(row.State, reason) : null,
            cancellationToken);

    /// <summary>
    /// Lets a version that was sent on its way wait for a service that could not do its part, the longer the longer it has been
    /// there; fails it when its patience is at an end. Nothing of it counts as an attempt.
    /// </summary>
    public Task<bool> PostponeSentAsync(DocumentKey key, long version, string reason, CancellationToken cancellationToken)
    {
        return PostponeAsync(
            key, version, reason, Waited,
            (row, now) => Waited(row, now) >= TimeSpan.FromHours(options.Value.DependencyPatienceHours) ? DocumentFailures.DependencyDown(row.State, reason, row.Attempts) : null,
            cancellationToken);

        static TimeSpan Waited(VersionRow row, long now) => TimeSpan.FromMilliseconds(now - row.StateSince);
    }

    /// <param name="outage">How long whatever is missing has been away; half of it is waited.</param>
    /// <param name="failure">Instead of waiting; null while there is patience.</param>
    /// <returns>False when it failed instead, or was not to be processed any more.</returns>
    private Task<bool> PostponeAsync(
        DocumentKey key, long version, string reason, Func<VersionRow, long, TimeSpan> outage, Func<VersionRow, long, DocumentFailure?> failure, CancellationToken cancellationToken) =>
        registry.WriteAsync(
            key,
            write =>
            {
                if (write.Find(key, version) is not { QueueState: QueueState.Waiting or QueueState.Taken } row)
                {
                    return false;
                }

                if (failure(row, write.Now) is { } last)
                {
                    write.Move(row, DocumentState.Failed, last);
                    return false;
                }

                var delaySeconds = Math.Max(Math.Min(outage(row, write.Now).TotalSeconds / 2, MaxPostponementSeconds), options.Value.ResumeIntervalSeconds);
                write.Log(row, row.State, null, $"postponed: {DocumentFailure.Cut(reason)}");
                write.Execute(
                    "UPDATE versions SET queue_state = @Postponed, not_before = @notBefore, updated_at = @Now WHERE version_id = @VersionId",
                    new { QueueState.Postponed, notBefore = write.Now + (long)(delaySeconds * 1000), write.Now, row.VersionId });
                return true;
            },
            cancellationToken);

    /// <summary>Beside the registry's only writer, which a large content would hold up. Null when a later version dropped it meanwhile.</summary>
    private byte[]? ReadContent(long versionId)
    {
        using var connection = registry.OpenReader();
        return connection.ExecuteScalar<byte[]>("SELECT content FROM contents WHERE version_id = @versionId", new { versionId });
    }

    private Task<bool> AdvanceAsync(
        DocumentKey key, long version, DocumentState to, string detail, Action<RegistryTransaction, VersionRow> record, CancellationToken cancellationToken) =>
        registry.WriteAsync(
            key,
            write =>
            {
                if (write.Find(key, version) is not { IsSuperseded: false } row || DocumentTransitions.Judge(row.State, to) is Transition.Ignore)
                {
                    return false;
                }

                record(write, row);
                write.Touch(row);
                write.Move(row, to, detail: detail);
                return true;
            },
            cancellationToken);
}

/// <summary>A version to process and its bytes.</summary>
public sealed record BegunVersion(DocumentVersion Version, ReadOnlyMemory<byte> Content);
