using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.State;

namespace RagPlatform.Ingestion.Registry;

/// <summary>The registry's file, and who is told when a document in it changes.</summary>
public sealed class RegistryDatabase(IOptions<IngestionOptions> options, TimeProvider time, DocumentChanges changes) : IDisposable
{
    private readonly SqliteDatabase _database = new(
        Path.Combine(options.Value.DataDirectory, "ingestion", "registry.db"), RegistrySchema.Migrations, Durability.Full);

    internal SqliteConnection OpenReader() => _database.OpenReader();

    /// <summary>Runs <paramref name="work"/> alone in a transaction, durable when this returns, and then signals the document's watchers.</summary>
    internal async Task<T> WriteAsync<T>(DocumentKey key, Func<RegistryTransaction, T> work, CancellationToken cancellationToken)
    {
        var result = await _database.WriteAsync(
            (connection, transaction, _) => Task.FromResult(work(new RegistryTransaction(connection, transaction, time.GetUtcNow().ToUnixTimeMilliseconds()))),
            cancellationToken);
        changes.Signal(key);
        return result;
    }

    /// <summary>As <see cref="WriteAsync"/>, for what no watcher sees.</summary>
    internal Task<T> WriteQuietlyAsync<T>(Func<RegistryTransaction, T> work, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            (connection, transaction, _) => Task.FromResult(work(new RegistryTransaction(connection, transaction, time.GetUtcNow().ToUnixTimeMilliseconds()))),
            cancellationToken);

    public void Dispose() => _database.Dispose();
}
