using Microsoft.Data.Sqlite;
using RagPlatform.Embedding.Cache;
using RagPlatform.TestKit;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Tests.Cache;

public sealed class VectorDatabaseTests : IDisposable
{
    private const long Roomy = 64 * 1024 * 1024;

    private readonly TestFolder folder = new();

    private string File => folder.File("vectors.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Find_WrittenAndReopened_IsWhatWasWritten()
    {
        using (var written = new VectorDatabase(File, Roomy))
        {
            await written.WriteAsync([Entry(1), Entry(2)], CancellationToken.None);
        }

        using var database = new VectorDatabase(File, Roomy);
        var found = database.Find([Key(2), Key(3), Key(1)]);

        found[0]!.Vector.ShouldBe(Entry(2).Value.Vector);
        found[0]!.ShouldSatisfyAllConditions(vector => vector.Tokens.ShouldBe(2), vector => vector.UnseenTokens.ShouldBe(20));
        found[1].ShouldBeNull();
        found[2]!.Vector.ShouldBe(Entry(1).Value.Vector);
    }

    [Fact]
    public async Task Write_PastTheLimit_TheOldestLeave()
    {
        const long limit = 3 * 1024 * 1024;
        using var database = new VectorDatabase(File, limit);
        for (var from = 0; from < 5000; from += 250)
        {
            await database.WriteAsync([.. Enumerable.Range(from, 250).Select(Entry)], CancellationToken.None);
            database.UsedBytes.ShouldBeLessThanOrEqualTo(limit);
        }

        var found = database.Find([.. Enumerable.Range(0, 5000).Select(Key)]);
        found[0].ShouldBeNull();
        found[^1].ShouldNotBeNull();
        found.SkipWhile(vector => vector is null).ShouldAllBe(vector => vector != null);
        new FileInfo(File).Length.ShouldBeLessThan(2 * limit);
    }

    [Fact]
    public async Task Find_AnyByteOfARecordChanged_IsAMissAndCanBeWrittenAgain()
    {
        using var database = new VectorDatabase(File, Roomy);
        await database.WriteAsync([Entry(1), Entry(2)], CancellationToken.None);
        var record = VectorRecord.Write(Key(1), Entry(1).Value);
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            var damaged = record.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            Overwrite(Key(1), damaged);

            database.Find([Key(1), Key(2)]).Select(vector => vector is null).ShouldBe([true, false]);
        }

        Overwrite(Key(1), record[..^1]);
        database.Find([Key(1)])[0].ShouldBeNull();
        Overwrite(Key(1), []);
        database.Find([Key(1)])[0].ShouldBeNull();
        Overwrite(Key(1), VectorRecord.Write(Key(2), Entry(2).Value));
        database.Find([Key(1)])[0].ShouldBeNull("it is another key's");
        await database.WriteAsync([Entry(1)], CancellationToken.None);
        database.Find([Key(1)])[0]!.Vector.ShouldBe(Entry(1).Value.Vector);
    }

    [Fact]
    public async Task Open_FileIsNoDatabase_BeginsAnew()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 8192));

        using var database = new VectorDatabase(File, Roomy);
        await database.WriteAsync([Entry(1)], CancellationToken.None);

        database.Find([Key(1)])[0].ShouldNotBeNull();
    }

    [Fact]
    public async Task Find_FileDamagedAnywhere_NeverGivesAWrongVectorAndTheNextStartIsWhole()
    {
        using (var written = new VectorDatabase(File, Roomy))
        {
            await written.WriteAsync([.. Enumerable.Range(0, 200).Select(Entry)], CancellationToken.None);
        }

        var whole = await System.IO.File.ReadAllBytesAsync(File);
        var random = new Random(8);
        for (var round = 0; round < 30; round++)
        {
            var damaged = whole.ToArray();
            random.NextBytes(damaged.AsSpan(random.Next(whole.Length - 64), 64));
            await System.IO.File.WriteAllBytesAsync(File, damaged);

            CheckOpenAndRead();
            CheckOpenAndRead();
        }

        await System.IO.File.WriteAllBytesAsync(File, whole[..(whole.Length / 2)]);
        CheckOpenAndRead();
    }

    [Fact]
    public async Task Write_TwoProcessesOnOneFile_BothReadEverything()
    {
        using var one = new VectorDatabase(File, Roomy);
        using var other = new VectorDatabase(File, Roomy);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? one : other).WriteAsync([Entry(i)], CancellationToken.None))).WithTimeout("the writes");

        one.Find([.. Enumerable.Range(0, 40).Select(Key)]).ShouldAllBe(vector => vector != null);
        other.Find([.. Enumerable.Range(0, 40).Select(Key)]).ShouldAllBe(vector => vector != null);
    }

    [Fact]
    public async Task Open_LimitLowered_BeginsAnew()
    {
        using (var written = new VectorDatabase(File, Roomy))
        {
            await written.WriteAsync([.. Enumerable.Range(0, 2000).Select(Entry)], CancellationToken.None);
        }

        using var database = new VectorDatabase(File, 1024 * 1024);

        database.Find([Key(1)])[0].ShouldBeNull();
        database.UsedBytes.ShouldBeLessThan(1024 * 1024);
    }

    internal static VectorKey Key(int number) => VectorKey.OfPassage("model", $"text {number}");

    internal static KeyValuePair<VectorKey, TextEmbedding> Entry(int number) =>
        new(Key(number), new TextEmbedding([.. Enumerable.Range(0, 384).Select(i => (number * 1000f) + i)], number, number * 10));

    /// <summary>Every vector found is right; an error is SQLite's, and leads to a new file at the next opening.</summary>
    private void CheckOpenAndRead()
    {
        using var database = new VectorDatabase(File, Roomy);
        try
        {
            var found = database.Find([.. Enumerable.Range(0, 200).Select(Key)]);
            for (var i = 0; i < found.Length; i++)
            {
                found[i]?.Vector.ShouldBe(Entry(i).Value.Vector);
            }
        }
        catch (SqliteException)
        {
            System.IO.File.Exists(File + ".damaged").ShouldBeTrue();
        }
    }

    private void Overwrite(VectorKey key, byte[] record)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE vectors SET record = $record WHERE key = $key";
        command.Parameters.AddWithValue("$record", record);
        command.Parameters.AddWithValue("$key", key.ToBytes());
        command.ExecuteNonQuery().ShouldBe(1);
    }
}
