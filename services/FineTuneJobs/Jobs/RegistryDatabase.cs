using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.State;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>The file of datasets and jobs. Several processes may use it at once.</summary>
public sealed class RegistryDatabase(IOptions<FineTuneJobsOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Busy, locked, out of memory, read-only, I/O error, full, cannot open (https://sqlite.org/rescode.html).</summary>
    private static readonly int[] UnavailableCodes = [5, 6, 7, 8, 10, 13, 14];

    private readonly SqliteDatabase _database = new(Path.Combine(options.Value.Root, "registry.db"), RegistrySchema.Migrations, Durability.Full);

    /// <summary>Unix milliseconds.</summary>
    internal long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    internal SqliteConnection OpenReader() => _database.OpenReader();

    /// <summary>Runs <paramref name="work"/> alone in a transaction, durable when this returns.</summary>
    /// <exception cref="ServiceException">Unavailable: the file cannot be written at the moment.</exception>
    internal async Task<T> WriteAsync<T>(Func<RegistryTransaction, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.WriteAsync((connection, transaction, _) => Task.FromResult(work(new RegistryTransaction(connection, transaction, Now))), cancellationToken);
        }
        catch (SqliteException exception) when (UnavailableCodes.Contains(exception.SqliteErrorCode))
        {
            throw FineTuneJobsErrors.RegistryUnavailable(exception);
        }
    }

    public void Dispose() => _database.Dispose();

    internal static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
