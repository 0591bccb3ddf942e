using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.State;

namespace RagPlatform.State.Tests;

/// <summary>Statements that are kept must do what new ones would.</summary>
public sealed class WriterConnectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("state-tests-").FullName;
    private readonly SqliteDatabase _database;

    public WriterConnectionTests() => _database = new SqliteDatabase(
        Path.Combine(_folder, "notes.db"), ["CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, size INTEGER)"], Durability.Normal);

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Statement_UsedAgain_TakesItsNewValues()
    {
        for (var number = 0; number < 5; number++)
        {
            var text = $"{number}";
            int? size = number % 2 == 0 ? number : null;
            await WriteAsync((connection, transaction) => connection.Execute("INSERT INTO notes (text, size) VALUES (@text, @size)", new { text, size }, transaction));
        }

        (await WriteAsync((connection, transaction) => connection.Query<int?>("SELECT size FROM notes ORDER BY id", transaction: transaction).AsList()))
            .ShouldBe([0, null, 2, null, 4]);
    }

    [Fact]
    public async Task Statement_ThatIsReadHalf_IsReadFromTheBeginningTheNextTime()
    {
        await WriteAsync((connection, transaction) => connection.Execute(
            "INSERT INTO notes (text) VALUES (@text)", Enumerable.Range(0, 3).Select(number => new { text = $"{number}" }), transaction));
        for (var time = 0; time < 3; time++)
        {
            (await WriteAsync((connection, transaction) => connection.QueryFirst<string>("SELECT text FROM notes ORDER BY id", transaction: transaction))).ShouldBe("0");
        }
    }

    [Fact]
    public async Task Statement_ThatFailed_WorksTheNextTime()
    {
        Task InsertAsync(string text) =>
            WriteAsync((connection, transaction) => connection.Execute("INSERT INTO notes (text) VALUES (@text)", new { text }, transaction));

        await InsertAsync("once");
        await Should.ThrowAsync<SqliteException>(() => InsertAsync("once"));
        await InsertAsync("twice");
        (await WriteAsync((connection, transaction) => connection.ExecuteScalar<long>("SELECT count(*) FROM notes", transaction: transaction))).ShouldBe(2);
    }

    [Fact]
    public async Task Statement_WithALargeValue_RunsAgainWithASmallOne()
    {
        foreach (var length in new[] { 1, 1_000_000, 2 })
        {
            await WriteAsync((connection, transaction) => connection.Execute("INSERT INTO notes (text) VALUES (@text)", new { text = new string('x', length) }, transaction));
        }

        (await WriteAsync((connection, transaction) => connection.Query<long>("SELECT length(text) FROM notes ORDER BY id", transaction: transaction).AsList())).ShouldBe([1, 1_000_000, 2]);
    }

    [Fact]
    public async Task Statement_InUse_IsNotSharedWithAnotherOfItsText() =>
        (await WriteAsync((connection, transaction) =>
        {
            const string Numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @most) SELECT i FROM n";
            return connection.Query<long>(Numbers, new { most = 3 }, transaction, buffered: false)
                .SelectMany(outer => connection.Query<long>(Numbers, new { most = 2 }, transaction).Select(inner => (outer * 10) + inner)).ToList();
        })).ShouldBe([11, 12, 21, 22, 31, 32]);

    [Fact]
    public async Task Statement_WithAListOfValues_IsWrittenOut()
    {
        await WriteAsync((connection, transaction) => connection.Execute(
            "INSERT INTO notes (text, size) VALUES (@text, @size)", Enumerable.Range(0, 6).Select(number => new { text = $"{number}", size = number }), transaction));
        foreach (var sizes in new int[][] { [1, 2], [3], [4, 5, 0], [], [1, 5] })
        {
            (await WriteAsync((connection, transaction) => connection.Query<int>("SELECT size FROM notes WHERE size IN @sizes AND text <> @other", new { sizes, other = "x" }, transaction).AsList()))
                .ShouldBe(sizes, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Statements_MoreThanAreKept_AllRun()
    {
        var sum = await WriteAsync((connection, transaction) =>
            Enumerable.Range(0, WriterConnection.MaxStatements * 2).Sum(number => connection.ExecuteScalar<long>($"SELECT {number}", transaction: transaction)));
        sum.ShouldBe(Enumerable.Range(0, WriterConnection.MaxStatements * 2).Sum());
    }

    [Fact]
    public async Task Statement_OfATableThatChanged_SeesTheChange()
    {
        Task<List<dynamic>> ReadAsync() =>
            WriteAsync((connection, transaction) => connection.Query("SELECT * FROM notes", transaction: transaction).AsList());

        await WriteAsync((connection, transaction) => connection.Execute("INSERT INTO notes (text) VALUES ('a')", transaction: transaction));
        ((IDictionary<string, object>)(await ReadAsync()).Single()).Count.ShouldBe(3);
        await WriteAsync((connection, transaction) => connection.Execute("ALTER TABLE notes ADD COLUMN author TEXT", transaction: transaction));
        ((IDictionary<string, object>)(await ReadAsync()).Single()).Count.ShouldBe(4);
    }

    private Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> work) =>
        _database.WriteAsync((connection, transaction, _) => Task.FromResult(work(connection, transaction)), CancellationToken.None);
}
