using System.Diagnostics;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Registry;

/// <summary>One write to the registry. Every change of state goes through <see cref="Move"/>, which also writes the log.</summary>
internal sealed class RegistryTransaction(SqliteConnection connection, SqliteTransaction transaction, long now)
{
    public SqliteConnection Connection => connection;

    public SqliteTransaction Transaction => transaction;

    /// <summary>Unix milliseconds.</summary>
    public long Now => now;

    public VersionRow? FindLatest(DocumentKey key) => VersionRow.FindLatest(connection, transaction, key);

    public VersionRow? Find(DocumentKey key, long version) => VersionRow.Find(connection, transaction, key, version);

    public int Execute(string sql, object parameters) => connection.Execute(sql, parameters, transaction);

    /// <summary>
    /// Moves the version as <see cref="DocumentTransitions"/> allows, in its row, in its document's and in the log. One that
    /// moves back to received waits in the queue again, and nothing of it is embedded; one that comes to rest leaves it.
    /// </summary>
    public Transition Move(VersionRow row, DocumentState to, DocumentFailure? failure = null, string detail = "")
    {
        var transition = DocumentTransitions.Judge(row.State, to);
        if (transition is not Transition.Move)
        {
            return transition;
        }

        failure = failure?.Bounded();
        Execute(
            """
            UPDATE versions SET state = @to, failure_step = @Step, failure_code = @Code, failure_reason = @Reason, failure_remedy = @Remedy,
                updated_at = @Now, state_since = @Now,
                queue_state = CASE WHEN @to = 1 THEN 1 WHEN @isAtRest THEN 0 ELSE queue_state END,
                queue_rank = CASE WHEN @to = 1 THEN @rank ELSE queue_rank END,
                embedded_chunks = CASE WHEN @to = 1 THEN 0 ELSE embedded_chunks END
            WHERE version_id = @VersionId
            """,
            new { to, isAtRest = to.IsAtRest(), rank = QueueRank.Of(Now, row.ContentBytes), failure?.Step, failure?.Code, failure?.Reason, failure?.Remedy, Now, row.VersionId });
        if (to is DocumentState.Received)
        {
            Execute("DELETE FROM embedded_batches WHERE version_id = @VersionId", new { row.VersionId });
        }

        Execute(
            "UPDATE documents SET state = @to WHERE tenant = @Tenant AND collection = @Collection AND document_id = @DocumentId AND latest_version = @Version",
            new { to, row.Tenant, row.Collection, row.DocumentId, row.Version });
        Log(row, to, failure, detail);
        return transition;
    }

    /// <summary>Adds to the document's log.</summary>
    public void Log(VersionRow row, DocumentState state, DocumentFailure? failure, string detail) =>
        Execute(
            """
            INSERT INTO document_events (tenant, collection, document_id, version, state, failure_step, failure_code, failure_reason, failure_remedy,
                attempts, detail, content_hash, chunk_count, occurred_at, traceparent, batch_id)
            SELECT tenant, collection, document_id, version, @state, @Step, @Code, @Reason, @Remedy,
                max(1, attempts), @detail, content_hash, chunk_count, @Now, coalesce(@trace, traceparent), batch_id
            FROM versions WHERE version_id = @VersionId
            """,
            new { state, failure?.Step, failure?.Code, failure?.Reason, failure?.Remedy, detail, Now, trace = CurrentTrace(), row.VersionId });

    /// <summary>Marks that the version's work goes on, so that it is not taken for stalled.</summary>
    public void Touch(VersionRow row) =>
        Execute("UPDATE versions SET updated_at = @Now WHERE version_id = @VersionId", new { Now, row.VersionId });

    /// <summary>The W3C id of the current span; null outside of one.</summary>
    public static string? CurrentTrace() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}
