using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace RagPlatform.State;

/// <summary>
/// Writes in the order in which they came, one at a time. Those that came while another commit was under way share the
/// next one, and with it one flush of the disk: the cost of durability is divided among them (group commit: Gawlick and
/// Kinkade, "Varieties of Concurrency Control in IMS/VS Fast Path", 1985). Each has a savepoint of its own, so that one
/// that fails takes none with it, and each is told of its success only once the commit that holds it is durable.
/// </summary>
/// <param name="connection">Used by no one else.</param>
internal sealed class GroupCommit(SqliteConnection connection) : IAsyncDisposable
{
    /// <summary>Writes in a commit at most: the first of them waits for the last.</summary>
    public const int MaxWrites = 64;

    private const string Savepoint = "one_write";

    private readonly Queue<PendingWrite> _waiting = new();
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    /// <exception cref="OperationCanceledException">Before its work began; nothing was done.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var write = new PendingWrite<T>(work, cancellationToken);
        lock (_waiting)
        {
            _waiting.Enqueue(write);
            if (!_isWriting)
            {
                _isWriting = true;
                using (ExecutionContext.SuppressFlow())
                {
                    _writing = Task.Run(WriteWaitingAsync, CancellationToken.None);
                }
            }
        }

        return write.WaitAsync();
    }

    /// <summary>Waits for the writes that have been asked for.</summary>
    public async ValueTask DisposeAsync() => await _writing;

    private async Task WriteWaitingAsync()
    {
        while (TakeGroup() is { Count: > 0 } group)
        {
            await CommitAsync(group);
        }
    }

    /// <summary>None when no more are waiting; the next to come begins anew.</summary>
    private List<PendingWrite> TakeGroup()
    {
        var group = new List<PendingWrite>();
        lock (_waiting)
        {
            while (group.Count < MaxWrites && _waiting.TryDequeue(out var write))
            {
                if (write.TryTake())
                {
                    group.Add(write);
                }
            }

            _isWriting = group.Count > 0;
        }

        return group;
    }

    private async Task CommitAsync(List<PendingWrite> group)
    {
        var done = new List<PendingWrite>(group.Count);
        try
        {
            using var transaction = connection.BeginTransaction();
            foreach (var write in group)
            {
                if (await TryRunAsync(write, transaction))
                {
                    done.Add(write);
                }
            }

            Commit(transaction);
        }
#pragma warning disable CA1031 // Whatever went wrong, each of those who wait must hear of it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            group.ForEach(write => write.Fail(exception));
            return;
        }

        done.ForEach(write => write.Succeed());
    }

    /// <summary>
    /// The library does not hear of it when SQLite gives the transaction up within COMMIT, as it does when the disk is full
    /// then, and would roll it back once more, fail, and never begin another. So it is given one to roll back.
    /// </summary>
    private void Commit(SqliteTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (SqliteException) when (IsRolledBack)
        {
            raw.sqlite3_exec(connection.Handle, "BEGIN");
            throw;
        }
    }

    /// <returns>False when it failed alone, and its caller has been told.</returns>
    /// <exception cref="SqliteException">With it all that was written before it in this transaction is undone.</exception>
    private async Task<bool> TryRunAsync(PendingWrite write, SqliteTransaction transaction)
    {
        transaction.Save(Savepoint);
        try
        {
            await write.RunAsync(connection, transaction);
            transaction.Release(Savepoint);
            return true;
        }
        catch (Exception exception) when (!IsRolledBack)
        {
            transaction.Rollback(Savepoint);
            transaction.Release(Savepoint);
            write.Fail(exception);
            return false;
        }
    }

    /// <summary>SQLite ends the whole transaction by itself when, for example, the disk is full (https://sqlite.org/lang_transaction.html).</summary>
    private bool IsRolledBack => raw.sqlite3_get_autocommit(connection.Handle) != 0;
}
