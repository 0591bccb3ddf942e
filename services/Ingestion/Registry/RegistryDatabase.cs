using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;
using RagPlatform.State;

namespace RagPlatform.Ingestion.Registry;

/// <summary>The registry's file, and who is told when a document in it changes.</summary>
public sealed class RegistryDatabase(IOptions<IngestionOptions> options, TimeProvider time, DocumentChanges changes) : IDisposable
{
    // https://sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    private readonly SqliteDatabase _database = new(
        Path.Combine(options.Value.DataDirectory, "ingestion", "registry.db"), RegistrySchema.Migrations, Durability.Full);

    /// <summary>The disk or another process is in the way, not the program.</summary>
    internal static bool IsUnavailable(SqliteException exception) => exception.SqliteErrorCode is Busy or Locked or OutOfMemory or ReadOnly or InputOutput or Full or CannotOpen;

    internal SqliteConnection OpenReader() => _database.OpenReader();

    /// <summary>Runs <paramref name="work"/> alone in a transaction, durable when this returns, and then signals the document's watchers.</summary>
    /// <exception cref="ServiceException">Unavailable: the file cannot be written at the moment.</exception>
    internal async Task<T> WriteAsync<T>(DocumentKey key, Func<RegistryTransaction, T> work, CancellationToken cancellationToken)
    {
        var result = await WriteQuietlyAsync(work, cancellationToken);
        changes.Signal(key);
        return result;
    }

    /// <summary>As <see cref="WriteAsync"/>, for a change of several documents: those whose versions are returned.</summary>
    /// <exception cref="ServiceException">Unavailable: the file cannot be written at the moment.</exception>
    internal async Task<IReadOnlyList<DocumentVersion>> WriteManyAsync(Func<RegistryTransaction, IReadOnlyList<DocumentVersion>> work, CancellationToken cancellationToken)
    {
        var changed = await WriteQuietlyAsync(work, cancellationToken);
        foreach (var version in changed)
        {
            changes.Signal(version.Key);
        }

        return changed;
    }

    /// <summary>As <see cref="WriteAsync"/>, for what no watcher sees.</summary>
    /// <exception cref="ServiceException">Unavailable: the file cannot be written at the moment.</exception>
    internal async Task<T> WriteQuietlyAsync<T>(Func<RegistryTransaction, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.WriteAsync(
                (connection, transaction, _) => Task.FromResult(work(new RegistryTransaction(connection, transaction, time.GetUtcNow().ToUnixTimeMilliseconds()))),
                cancellationToken);
        }
        catch (SqliteException exception) when (IsUnavailable(exception))
        {
            throw IngestionErrors.RegistryUnavailable(exception);
        }
    }

    public void Dispose() => _database.Dispose();
}
