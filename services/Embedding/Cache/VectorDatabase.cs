using Microsoft.Data.Sqlite;
using RagPlatform.State;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Cache;

/// <summary>
/// Vectors on disk, in one SQLite file that several processes may share, bounded in bytes: the oldest leave first. Only what
/// can be computed again is in it, so a file that cannot be read is begun anew.
/// </summary>
internal sealed class VectorDatabase : IDisposable
{
    /// <summary>Left out at once when there is no room: about 2 MB of vectors of 384 dimensions.</summary>
    private const int EvictedRows = 1024;

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE vectors (age INTEGER PRIMARY KEY, key BLOB NOT NULL, record BLOB NOT NULL);
        CREATE UNIQUE INDEX vectors_key ON vectors (key);
        """,
    ];

    private readonly SqliteDatabase database;
    private readonly long maxBytes;

    /// <param name="path">Of the file.</param>
    /// <param name="maxBytes">Of its pages in use; the write-ahead log beside it has about 4 MB more.</param>
    /// <exception cref="SqliteException">It cannot be opened, even anew.</exception>
    /// <exception cref="InvalidOperationException">The folder cannot hold it, or a newer program wrote it.</exception>
    public VectorDatabase(string path, long maxBytes)
    {
        this.maxBytes = maxBytes;
        if (File.Exists(DamageMark(path)) || new FileInfo(path) is { Exists: true } file && file.Length > 2 * maxBytes)
        {
            Delete(path);
        }

        try
        {
            database = new SqliteDatabase(path, Migrations, Durability.Normal);
        }
        catch (SqliteException exception) when (IsDamage(exception))
        {
            Delete(path);
            database = new SqliteDatabase(path, Migrations, Durability.Normal);
        }

        using var reader = database.OpenReader();
        UsedBytes = ReadUsedBytes(reader, transaction: null);
    }

    /// <summary>As of the last write.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>For every key its vector, or null; a damaged record counts as none.</summary>
    public TextEmbedding?[] Find(IReadOnlyList<VectorKey> keys)
    {
        try
        {
            using var connection = database.OpenReader();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT record FROM vectors WHERE key = $key";
            var parameter = command.Parameters.Add("$key", SqliteType.Blob);
            var found = new TextEmbedding?[keys.Count];
            for (var i = 0; i < found.Length; i++)
            {
                parameter.Value = keys[i].ToBytes();
                found[i] = command.ExecuteScalar() is byte[] record ? VectorRecord.Read(keys[i], record) : null;
            }

            return found;
        }
        catch (SqliteException exception) when (IsDamage(exception))
        {
            MarkDamage();
            throw;
        }
    }

    /// <summary>Keeps vectors in one transaction, over former ones of the same keys, and leaves out the oldest where there is no room.</summary>
    public async Task WriteAsync(IReadOnlyList<KeyValuePair<VectorKey, TextEmbedding>> vectors, CancellationToken cancellationToken)
    {
        try
        {
            UsedBytes = await database.WriteAsync((connection, transaction, _) => Task.FromResult(Write(vectors, connection, transaction)), cancellationToken);
        }
        catch (SqliteException exception) when (IsDamage(exception))
        {
            MarkDamage();
            throw;
        }
    }

    public void Dispose() => database.Dispose();

    private long Write(IReadOnlyList<KeyValuePair<VectorKey, TextEmbedding>> vectors, SqliteConnection connection, SqliteTransaction transaction)
    {
        using var insert = Command(connection, transaction, "INSERT OR REPLACE INTO vectors (key, record) VALUES ($key, $record)");
        var key = insert.Parameters.Add("$key", SqliteType.Blob);
        var record = insert.Parameters.Add("$record", SqliteType.Blob);
        foreach (var vector in vectors)
        {
            key.Value = vector.Key.ToBytes();
            record.Value = VectorRecord.Write(vector.Key, vector.Value);
            insert.ExecuteNonQuery();
        }

        using var evict = Command(connection, transaction, $"DELETE FROM vectors WHERE age < (SELECT min(age) + {EvictedRows} FROM vectors)");
        long usedBytes;
        while ((usedBytes = ReadUsedBytes(connection, transaction)) > maxBytes && evict.ExecuteNonQuery() > 0)
        {
        }

        return usedBytes;
    }

    private static long ReadUsedBytes(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using var command = Command(
            connection, transaction, "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql) =>
        new(sql, connection, transaction);

    private static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    /// <summary>Others may have the file open now; whoever opens it next begins anew.</summary>
    private void MarkDamage() => File.WriteAllBytes(DamageMark(database.Path), []);

    private static void Delete(string path)
    {
        foreach (var file in (string[])[path, path + "-wal", path + "-shm", DamageMark(path)])
        {
            File.Delete(file);
        }
    }

    private static string DamageMark(string path) => path + ".damaged";
}
