using Microsoft.Data.Sqlite;

namespace RagPlatform.State;

/// <summary>A write that waits for its turn. Its caller may leave until then; after that he is told what became of it.</summary>
internal abstract class PendingWrite
{
    private int _isTaken;

    /// <summary>False when someone else has it: the writer, or its caller, who left.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    /// <summary>Does the work, as if its caller called: what belongs to him, such as his span, is there.</summary>
    public abstract Task RunAsync(SqliteConnection connection, SqliteTransaction transaction);

    /// <summary>It is durable.</summary>
    public abstract void Succeed();

    /// <summary>Nothing of it stays.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc cref="PendingWrite"/>
internal sealed class PendingWrite<T>(Func<SqliteConnection, SqliteTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken) : PendingWrite
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public async Task<T> WaitAsync()
    {
        await using var registration = cancellationToken.UnsafeRegister(static write => ((PendingWrite<T>)write!).Leave(), this);
        return await _outcome.Task;
    }

    public override Task RunAsync(SqliteConnection connection, SqliteTransaction transaction)
    {
        if (_context is null)
        {
            return WorkAsync(connection, transaction);
        }

        var running = Task.CompletedTask;
        ExecutionContext.Run(_context, _ => running = WorkAsync(connection, transaction), null);
        return running;
    }

    public override void Succeed() => _outcome.TrySetResult(_result);

    public override void Fail(Exception exception) => _outcome.TrySetException(exception);

    private async Task WorkAsync(SqliteConnection connection, SqliteTransaction transaction) =>
        _result = await work(connection, transaction, cancellationToken);

    private void Leave()
    {
        if (TryTake())
        {
            _outcome.TrySetCanceled(cancellationToken);
        }
    }
}
