using Dapper;
using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Registry;

/// <summary>Whatever is put under whichever batch, deleted and reported, in whatever order: the counters say what is there.</summary>
public sealed class BatchCountProperties
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20260102, 4711);
    private static readonly string[] BatchIds = ["", "one", "two"];

    [Fact]
    public void Counters_AfterAnything_AreWhatCountingWouldGive() =>
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>(), operations =>
        {
            using var folder = new TestFolder();
            using var registry = new TestRegistry(folder.Path);
            RunAsync(registry, operations).WithTimeout("the operations").GetAwaiter().GetResult();
        }).Check(Quick);

    private static async Task RunAsync(TestRegistry registry, ushort[] operations)
    {
        foreach (var operation in operations)
        {
            await ApplyAsync(registry, operation & 15, id: (operation >> 4 & 1) == 0 ? "a" : "b", version: 1 + (operation >> 5 & 3), BatchIds[(operation >> 7 & 3) % 3]);
            using var connection = registry.Database.OpenReader();
            connection.Query<string>("SELECT tenant || collection || state || ' ' || documents FROM document_counts WHERE documents <> 0 ORDER BY 1")
                .ShouldBe(connection.Query<string>("SELECT tenant || collection || state || ' ' || count(*) FROM documents GROUP BY tenant, collection, state ORDER BY 1"));
            connection.Query<string>(
                """
                SELECT batch_id || state || content_type || ' ' || sum(documents) || ' ' || sum(content_bytes) || ' ' || sum(text_characters) || ' ' || sum(chunks) || ' ' || sum(embedded_chunks)
                FROM batch_counts WHERE state <> 9 GROUP BY batch_id, state, content_type HAVING sum(documents) <> 0 ORDER BY 1
                """)
                .ShouldBe(connection.Query<string>(
                    """
                    SELECT batch_id || counted || content_type || ' ' || count(*) || ' ' || sum(content_bytes) || ' ' || sum(text_characters) || ' ' || sum(chunk_count) || ' ' || sum(embedded_chunks)
                    FROM (SELECT *, CASE WHEN is_overtaken = 1 AND state <= 5 THEN 0 ELSE state END AS counted FROM versions)
                    WHERE batch_id <> '' AND counted <> 9 GROUP BY batch_id, counted, content_type ORDER BY 1
                    """));
            connection.ExecuteScalar<long>("SELECT count(*) FROM batch_counts WHERE documents < 0 OR content_bytes < 0 OR chunks < 0 OR embedded_chunks < 0").ShouldBe(0);
        }
    }

    private static Task ApplyAsync(TestRegistry registry, int operation, string id, long version, string batchId)
    {
        var key = TestRegistry.Key(id);
        var none = CancellationToken.None;
        return operation switch
        {
            0 or 1 => registry.PutAsync("first", id, batchId),
            2 => registry.PutAsync("second", id, batchId),
            3 => registry.Writer.RequestDeletionAsync(key, batchId, none),
            4 or 5 => registry.Progress.BeginAsync(key, version, none),
            6 or 7 => registry.Progress.RecordTextAsync(key, version, "text", "title", none),
            8 or 9 => registry.Progress.RecordChunksAsync(key, version, 10, 2, none),
            10 or 11 => registry.Progress.RecordEmbeddedAsync(key, version, operation & 1, 2, none),
            12 => registry.Outcome.RecordIndexedAsync(key, version, 10, none),
            13 => registry.Outcome.RecordUnindexedAsync(key, version, none),
            14 => registry.Outcome.RecordLostAsync(key, version, "a file was set aside", none),
            _ => registry.Progress.FailAsync(key, version, new DocumentFailure("embedding", "X", "reason", "remedy"), none),
        };
    }
}
