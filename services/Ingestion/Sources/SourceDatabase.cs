using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RagPlatform.Ingestion.Registry;
using RagPlatform.State;

namespace RagPlatform.Ingestion.Sources;

/// <summary>The file of web sources, beside the registry. What it says of a document may lag behind the registry, which alone decides what is there.</summary>
public sealed class SourceDatabase(IOptions<IngestionOptions> options, TimeProvider time) : IDisposable
{
    private readonly SqliteDatabase _database = new(Path.Combine(options.Value.DataDirectory, "ingestion", "sources.db"), SourceSchema.Migrations, Durability.Full);

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
        catch (SqliteException exception) when (RegistryDatabase.IsUnavailable(exception))
        {
            throw IngestionErrors.RegistryUnavailable(exception);
        }
    }

    public void Dispose() => _database.Dispose();

    internal static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
