using Microsoft.Data.Sqlite;

namespace RagPlatform.State;

/// <summary>
/// One SQLite file: any number of readers, one writer at a time (write-ahead log, https://sqlite.org/wal.html).
/// Writers wait for each other without holding a thread, and those that wait together are made durable together
/// (<see cref="GroupCommit"/>); readers see the last commit and never wait.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    /// <summary>How long a statement waits for another process's lock before SQLITE_BUSY.</summary>
    private const int BusyTimeoutMilliseconds = 10_000;

    private readonly WriterConnection _writer;
    private readonly GroupCommit _commits;
    private readonly string _readerConnectionString;
    private readonly string _configuration;

    /// <summary>Opens or creates the file and its folder, and applies the migrations it does not have yet.</summary>
    /// <param name="path">Of the database file.</param>
    /// <param name="migrations">SQL scripts; number n leads from version n to n + 1. Only ever appended to.</param>
    /// <param name="durability">What a commit survives.</param>
    /// <exception cref="InvalidOperationException">The file was written by a newer program, or cannot have a write-ahead log.</exception>
    /// <exception cref="SqliteException">The file is no database, or cannot be opened.</exception>
    public SqliteDatabase(string path, IReadOnlyList<string> migrations, Durability durability)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(migrations);
        NativeSqlite.EnsureInitialized();
        Path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);

        _configuration = $"PRAGMA busy_timeout = {BusyTimeoutMilliseconds}; PRAGMA foreign_keys = ON; PRAGMA synchronous = {(durability is Durability.Full ? "FULL" : "NORMAL")}";
        _readerConnectionString = ConnectionString(SqliteOpenMode.ReadWrite, pooling: true);
        _writer = new WriterConnection(ConnectionString(SqliteOpenMode.ReadWriteCreate, pooling: false));
        try
        {
            _writer.Open();
            UseWriteAheadLog();
            Execute(_writer, _configuration);
            // What undoes a single write of a group stays in memory.
            Execute(_writer, "PRAGMA temp_store = MEMORY");
            SqliteMigrations.Apply(_writer, Path, migrations);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }

        _commits = new GroupCommit(_writer);
    }

    /// <summary>Absolute.</summary>
    public string Path { get; }

    /// <summary>A configured connection for reading, from a pool; dispose it to give it back. Writing with it fails.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_readerConnectionString);
        try
        {
            connection.Open();
            Execute(connection, $"{_configuration}; PRAGMA query_only = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs <paramref name="work"/> alone and commits it, durably, before the task completes; when it throws nothing of it
    /// stays. It may share its transaction with others' works, which see what it did even before that; it must not be
    /// called from within itself, for it would wait for itself. Works run in the order of the calls.
    /// </summary>
    /// <param name="work">Short: all writers wait for it.</param>
    /// <param name="cancellationToken">Ends the wait for the turn; the work itself is given it, too.</param>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        return _commits.WriteAsync(work, cancellationToken);
    }

    /// <summary>As <see cref="WriteAsync{T}"/>, without a result.</summary>
    public Task WriteAsync(Func<SqliteConnection, SqliteTransaction, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        WriteAsync(
            async (connection, transaction, cancellation) =>
            {
                await work(connection, transaction, cancellation);
                return true;
            },
            cancellationToken);

    /// <summary>Closes the file. The last one to close it folds the write-ahead log into it.</summary>
    public void Dispose()
    {
        using (var reader = new SqliteConnection(_readerConnectionString))
        {
            SqliteConnection.ClearPool(reader);
        }

        // The host stops whoever writes first; a commit that is still under way is let finish.
        _commits.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _writer.Dispose();
    }

    private string ConnectionString(SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = pooling,
            DefaultTimeout = BusyTimeoutMilliseconds / 1000,
        }.ToString();

    private void UseWriteAheadLog()
    {
        using var command = _writer.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        if (command.ExecuteScalar() is not "wal")
        {
            throw new InvalidOperationException($"{Path}: SQLite cannot keep a write-ahead log there. Use a folder on a local disk (not a network file system).");
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
