using Microsoft.Data.Sqlite;
using RagPlatform.State;

namespace RagPlatform.State.Tests;

public sealed class SqliteDatabaseTests : IDisposable
{
    private static readonly string[] Migrations = ["CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)"];
    private readonly string _folder = Directory.CreateTempSubdirectory("state-tests-").FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));

    private string File => Path.Combine(_folder, "deep", "er", "notes.db");

    public void Dispose()
    {
        _limit.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(Durability.Full, 2)]
    [InlineData(Durability.Normal, 1)]
    public async Task Connections_OfAnyKind_AreConfigured(Durability durability, long synchronous)
    {
        using var database = new SqliteDatabase(File, Migrations, durability);
        using var reader = database.OpenReader();
        var written = await database.WriteAsync((connection, _, _) => Task.FromResult(Settings(connection)), _limit.Token);

        Settings(reader).ShouldBe(("wal", synchronous, 1L, 10_000L));
        written.ShouldBe(("wal", synchronous, 1L, 10_000L));
    }

    [Fact]
    public void Reader_ThatWrites_IsRefused()
    {
        using var database = new SqliteDatabase(File, Migrations, Durability.Normal);
        using var reader = database.OpenReader();
        Should.Throw<SqliteException>(() => Insert(reader, null, "no"));
    }

    [Fact]
    public async Task Write_ThatThrows_LeavesNothing()
    {
        using var database = new SqliteDatabase(File, Migrations, Durability.Normal);
        await Should.ThrowAsync<InvalidCastException>(() => database.WriteAsync(
            (connection, transaction, _) =>
            {
                Insert(connection, transaction, "half");
                throw new InvalidCastException();
            },
            _limit.Token));

        Count(database).ShouldBe(0);
        await AddAsync(database, "whole");
        Count(database).ShouldBe(1);
    }

    [Fact]
    public async Task Writes_FromManyTasks_DoNotLoseUpdates()
    {
        using var database = new SqliteDatabase(File, Migrations, Durability.Normal);
        await AddAsync(database, "0");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => database.WriteAsync(
            async (connection, transaction, _) =>
            {
                var value = long.Parse((string)Scalar(connection, "SELECT text FROM notes", transaction)!, System.Globalization.CultureInfo.InvariantCulture);
                await Task.Yield();
                Scalar(connection, $"UPDATE notes SET text = '{value + 1}'", transaction);
            },
            _limit.Token))));

        using var reader = database.OpenReader();
        Scalar(reader, "SELECT text FROM notes").ShouldBe("100");
    }

    [Fact]
    public async Task Reader_DuringAWrite_SeesTheCommitBefore()
    {
        using var database = new SqliteDatabase(File, Migrations, Durability.Normal);
        await AddAsync(database, "first");
        await database.WriteAsync(
            (connection, transaction, _) =>
            {
                Insert(connection, transaction, "second");
                Count(database).ShouldBe(1);
                return Task.CompletedTask;
            },
            _limit.Token);
        Count(database).ShouldBe(2);
    }

    [Fact]
    public async Task Reopened_WithMoreMigrations_KeepsItsData()
    {
        using (var first = new SqliteDatabase(File, Migrations, Durability.Full))
        {
            await AddAsync(first, "kept");
        }

        using var second = new SqliteDatabase(File, [.. Migrations, "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'nobody'", "CREATE INDEX by_author ON notes (author)"], Durability.Full);
        using var reader = second.OpenReader();
        Scalar(reader, "SELECT text || ' by ' || author FROM notes").ShouldBe("kept by nobody");
        Scalar(reader, "PRAGMA user_version").ShouldBe(3L);
    }

    [Fact]
    public void Migration_ThatFailsHalfway_LeavesTheVersionBefore()
    {
        Should.Throw<SqliteException>(() => new SqliteDatabase(File, [.. Migrations, "CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER)"], Durability.Full));

        using var database = new SqliteDatabase(File, Migrations, Durability.Full);
        using var reader = database.OpenReader();
        Scalar(reader, "SELECT count(*) FROM sqlite_master WHERE name = 'half'").ShouldBe(0L);
    }

    [Fact]
    public void Database_OfANewerProgram_IsRefusedByVersion()
    {
        new SqliteDatabase(File, [.. Migrations, "CREATE TABLE newer (id INTEGER)"], Durability.Full).Dispose();
        var refusal = Should.Throw<InvalidOperationException>(() => new SqliteDatabase(File, Migrations, Durability.Full));
        refusal.Message.ShouldContain(File);
        refusal.Message.ShouldContain("version 2");
        refusal.Message.ShouldContain("up to 1");
    }

    [Fact]
    public async Task TwoDatabases_OnOneFile_TakeTurns()
    {
        using var one = new SqliteDatabase(File, Migrations, Durability.Normal);
        using var two = new SqliteDatabase(File, Migrations, Durability.Normal);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(index => Task.Run(() => AddAsync(index % 2 == 0 ? one : two, "note"))));
        Count(one).ShouldBe(20);
    }

    [Fact]
    public async Task Disposed_LeavesOneFile()
    {
        using (var database = new SqliteDatabase(File, Migrations, Durability.Full))
        {
            await AddAsync(database, "note");
            Count(database).ShouldBe(1);
        }

        Directory.GetFiles(Path.GetDirectoryName(File)!).ShouldBe([File]);
    }

    private Task AddAsync(SqliteDatabase database, string text) =>
        database.WriteAsync(
            (connection, transaction, _) =>
            {
                Insert(connection, transaction, text);
                return Task.CompletedTask;
            },
            _limit.Token);

    private static void Insert(SqliteConnection connection, SqliteTransaction? transaction, string text) =>
        Scalar(connection, $"INSERT INTO notes (text) VALUES ('{text}')", transaction);

    private static long Count(SqliteDatabase database)
    {
        using var reader = database.OpenReader();
        return (long)Scalar(reader, "SELECT count(*) FROM notes")!;
    }

    private static (string Journal, long Synchronous, long ForeignKeys, long BusyTimeout) Settings(SqliteConnection connection) =>
        ((string)Scalar(connection, "PRAGMA journal_mode")!, (long)Scalar(connection, "PRAGMA synchronous")!,
            (long)Scalar(connection, "PRAGMA foreign_keys")!, (long)Scalar(connection, "PRAGMA busy_timeout")!);

    private static object? Scalar(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction ?? command.Transaction;
        return command.ExecuteScalar();
    }
}
