using System.Diagnostics;
using Microsoft.Data.Sqlite;
using RagPlatform.State;
using SQLitePCL;

namespace RagPlatform.State.Tests;

/// <summary>Writes that share a commit: what one of them does must look to its caller as if it were alone.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private static readonly string[] Migrations = ["CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)"];
    private readonly string _folder = Directory.CreateTempSubdirectory("state-tests-").FullName;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteDatabase _database;

    public GroupCommitTests() => _database = new SqliteDatabase(Path.Combine(_folder, "notes.db"), Migrations, Durability.Full);

    public void Dispose()
    {
        _gate.TrySetResult();
        _database.Dispose();
        _limit.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Writes_ThatWaitTogether_AreOneCommit()
    {
        var held = await HoldAsync();
        var writes = Enumerable.Range(0, 10).Select(number => AddAsync($"{number}")).ToList();
        var seen = writes.Select(write => write.ContinueWith(_ => Count(), TaskScheduler.Default)).ToList();
        _gate.SetResult();
        await held;

        (await Task.WhenAll(seen).WaitAsync(_limit.Token)).ShouldAllBe(count => count == 11, "whoever is told first sees the writes of all");
    }

    [Fact]
    public async Task Write_GivenUpWithinItsCommit_FailsAndTheNextOneSucceeds()
    {
        delegate_commit refuse = _ => 1;
        var refused = _database.WriteAsync(
            (connection, transaction, _) =>
            {
                // As a disk that is full then: SQLite rolls back within COMMIT (https://sqlite.org/c3ref/commit_hook.html).
                raw.sqlite3_commit_hook(connection.Handle, refuse, null);
                Insert(connection, transaction, "given up");
                return Task.CompletedTask;
            },
            _limit.Token);

        await Should.ThrowAsync<SqliteException>(refused);
        await _database.WriteAsync(
            (connection, transaction, _) =>
            {
                raw.sqlite3_commit_hook(connection.Handle, null, null);
                Insert(connection, transaction, "kept");
                return Task.CompletedTask;
            },
            _limit.Token);
        Count().ShouldBe(1);
        GC.KeepAlive(refuse);
    }

    [Fact]
    public async Task Write_ThatIsNotCommitted_IsNotReported()
    {
        var held = await HoldAsync();
        var first = AddAsync("first");
        var secondRuns = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = _database.WriteAsync(
            async (_, _, _) =>
            {
                secondRuns.SetResult();
                await release.Task;
            },
            _limit.Token);
        _gate.SetResult();
        await held;
        await secondRuns.Task.WaitAsync(_limit.Token);

        first.IsCompleted.ShouldBeFalse("its work has run, but nothing of it is durable");
        Count().ShouldBe(1);
        release.SetResult();
        await Task.WhenAll(first, second);
        Count().ShouldBe(2);
    }

    [Fact]
    public async Task Write_ThatFails_TakesNoOtherWithIt()
    {
        var held = await HoldAsync();
        var before = AddAsync("before");
        var thrown = _database.WriteAsync(
            (connection, transaction, _) =>
            {
                Insert(connection, transaction, "half");
                throw new InvalidCastException();
            },
            _limit.Token);
        var refused = _database.WriteAsync(
            (connection, transaction, _) =>
            {
                Insert(connection, transaction, "also half");
                Insert(connection, transaction, "before");
                return Task.CompletedTask;
            },
            _limit.Token);
        var after = AddAsync("after");
        _gate.SetResult();

        await Task.WhenAll(held, before, after);
        await Should.ThrowAsync<InvalidCastException>(() => thrown);
        (await Should.ThrowAsync<SqliteException>(() => refused)).SqliteErrorCode.ShouldBe(19);
        Texts().ShouldBe(["held", "before", "after"]);
    }

    [Fact]
    public async Task Write_ThatRollsAllBack_FailsAllWithItsReasonAndTheNextSucceed()
    {
        var held = await HoldAsync();
        var before = AddAsync("before");
        // As SQLite does by itself when the disk is full.
        var full = _database.WriteAsync(
            (connection, _, _) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = null;
                SQLitePCL.raw.sqlite3_exec(connection.Handle, "ROLLBACK");
                throw new SqliteException("database or disk is full", 13);
            },
            _limit.Token);
        var after = AddAsync("after");
        _gate.SetResult();

        foreach (var write in new[] { before, full, after })
        {
            (await Should.ThrowAsync<SqliteException>(() => write)).SqliteErrorCode.ShouldBe(13);
        }

        // The one that held the gate had a commit of its own.
        await held;
        await AddAsync("next");
        Texts().ShouldBe(["held", "next"]);
    }

    [Fact]
    public async Task Write_CancelledWhileItWaits_NeverRuns()
    {
        var held = await HoldAsync();
        using var leaving = new CancellationTokenSource();
        var ran = false;
        var left = _database.WriteAsync(
            (_, _, _) =>
            {
                ran = true;
                return Task.CompletedTask;
            },
            leaving.Token);
        var stays = AddAsync("stays");
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => left.WaitAsync(_limit.Token));
        _gate.SetResult();
        await Task.WhenAll(held, stays);
        ran.ShouldBeFalse();
        Texts().ShouldBe(["held", "stays"]);
    }

    [Fact]
    public async Task Write_CancelledOnceItHasRun_IsReportedAsWhatItIs()
    {
        using var late = new CancellationTokenSource();
        await _database.WriteAsync(
            async (connection, transaction, _) =>
            {
                Insert(connection, transaction, "done");
                await late.CancelAsync();
            },
            late.Token);
        Texts().ShouldBe(["done"]);
    }

    [Fact]
    public async Task Writes_MoreThanOneCommitTakes_RunInTheOrderOfTheirCalls()
    {
        var held = await HoldAsync();
        var numbers = Enumerable.Range(0, GroupCommit.MaxWrites * 3).Select(number => $"{number:000}").ToList();
        var writes = numbers.Select(AddAsync).ToList();
        _gate.SetResult();
        await held;
        await writes[GroupCommit.MaxWrites - 1].WaitAsync(_limit.Token);
        await Task.WhenAll(writes).WaitAsync(_limit.Token);
        Texts().ShouldBe(["held", .. numbers]);
    }

    [Fact]
    public async Task Write_OfAGroup_SeesItsOwnCallersSpan()
    {
        var held = await HoldAsync();
        var writes = Enumerable.Range(0, 5).Select(async _ =>
        {
            using var span = new Activity("caller").Start();
            var seen = await _database.WriteAsync((_, _, _) => Task.FromResult(Activity.Current), _limit.Token);
            return ReferenceEquals(seen, span);
        }).ToList();
        _gate.SetResult();
        await held;
        (await Task.WhenAll(writes)).ShouldAllBe(own => own);
    }

    [Fact]
    public async Task Disposed_WhileWritesWait_LetsThemFinish()
    {
        var path = Path.Combine(_folder, "other.db");
        var other = new SqliteDatabase(path, Migrations, Durability.Full);
        var writes = Enumerable.Range(0, 100).Select(number => other.WriteAsync(
            (connection, transaction, _) =>
            {
                Insert(connection, transaction, $"{number}");
                return Task.CompletedTask;
            },
            _limit.Token)).ToList();
        await Task.Run(other.Dispose).WaitAsync(_limit.Token);
        await Task.WhenAll(writes).WaitAsync(_limit.Token);
        using var again = new SqliteDatabase(path, Migrations, Durability.Full);
        using var reader = again.OpenReader();
        Scalar(reader, "SELECT count(*) FROM notes").ShouldBe(100L);
    }

    /// <summary>Keeps the writer busy until the gate opens, so that what comes meanwhile waits together. Returns once it is.</summary>
    private async Task<Task> HoldAsync()
    {
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = _database.WriteAsync(
            async (connection, transaction, _) =>
            {
                Insert(connection, transaction, "held");
                runs.SetResult();
                await _gate.Task;
            },
            _limit.Token);
        await runs.Task.WaitAsync(_limit.Token);
        return held;
    }

    private Task AddAsync(string text) =>
        _database.WriteAsync(
            (connection, transaction, _) =>
            {
                Insert(connection, transaction, text);
                return Task.CompletedTask;
            },
            _limit.Token);

    private long Count()
    {
        using var reader = _database.OpenReader();
        return (long)Scalar(reader, "SELECT count(*) FROM notes")!;
    }

    private List<string> Texts()
    {
        using var reader = _database.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT text FROM notes ORDER BY id";
        using var rows = command.ExecuteReader();
        var texts = new List<string>();
        while (rows.Read())
        {
            texts.Add(rows.GetString(0));
        }

        return texts;
    }

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, string text) =>
        Scalar(connection, $"INSERT INTO notes (text) VALUES ('{text}')", transaction);

    private static object? Scalar(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction ?? command.Transaction;
        return command.ExecuteScalar();
    }
}
