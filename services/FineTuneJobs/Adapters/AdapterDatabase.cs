using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RagPlatform.State;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>The file of adapters. Every change of one is a single transaction with its entry in the history.</summary>
public sealed class AdapterDatabase(IOptions<AdapterOptions> options, TimeProvider time) : IDisposable
{
    // https://sqlite.org/rescode.html
    private static readonly int[] Unavailable = [5, 6, 7, 8, 10, 13, 14];

    private readonly SqliteDatabase _database = new(Path.Combine(options.Value.Directory, "adapters.db"), AdapterSchema.Migrations, Durability.Full);

    /// <summary>Unix milliseconds.</summary>
    internal long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal SqliteConnection OpenReader() => _database.OpenReader();

    /// <exception cref="Grpc.Errors.ServiceException">Unavailable: the file cannot be written at the moment.</exception>
    internal async Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.WriteAsync((connection, transaction, _) => Task.FromResult(work(connection, transaction)), cancellationToken);
        }
        catch (SqliteException exception) when (Unavailable.Contains(exception.SqliteErrorCode))
        {
            throw AdapterErrors.RegistryUnavailable(exception);
        }
    }

    /// <summary>Within the transaction that makes the change.</summary>
    internal void Record(SqliteConnection connection, SqliteTransaction transaction, Actor actor, Adapter adapter, string change, string reason) =>
        connection.Execute(
            "INSERT INTO changes (tenant, at, name, adapter, change, reason, changed_by) VALUES (@Tenant, @Now, @Name, @Id, @change, @reason, @By)",
            new { adapter.Tenant, Now, adapter.Name, adapter.Id, change, reason, actor.By }, transaction);

    public void Dispose() => _database.Dispose();
}
