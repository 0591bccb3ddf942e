using Dapper;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.State;

namespace RagPlatform.FineTuneJobs.Serving.Drift;

/// <summary>The last predictions of each adapter, and the texts of the least sure for as long as is configured. Times are Unix milliseconds.</summary>
internal sealed class DriftDatabase(IOptions<AdapterOptions> adapters, IOptions<DriftOptions> options, TimeProvider time) : IDisposable
{
    private static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE predictions (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            adapter TEXT NOT NULL,
            confidence REAL NOT NULL,
            is_out_of_scope INTEGER NOT NULL
        );
        CREATE INDEX predictions_by_adapter ON predictions (adapter, sequence);

        CREATE TABLE texts (
            adapter TEXT NOT NULL,
            text TEXT NOT NULL,
            at INTEGER NOT NULL,
            confidence REAL NOT NULL,
            PRIMARY KEY (adapter, text)
        ) WITHOUT ROWID;
        CREATE INDEX texts_by_confidence ON texts (adapter, confidence);
        CREATE INDEX texts_by_age ON texts (at);
        """,
    ];

    private readonly SqliteDatabase _database = new(Path.Combine(adapters.Value.Directory, "drift.db"), Migrations, Durability.Normal);

    private long Oldest => time.GetUtcNow().AddHours(-options.Value.TextHours).ToUnixTimeMilliseconds();

    public Task AddAsync(IReadOnlyCollection<RecordedPrediction> recorded, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            (connection, transaction, _) =>
            {
                connection.Execute("INSERT INTO predictions (adapter, confidence, is_out_of_scope) VALUES (@Adapter, @Confidence, @IsOutOfScope)", recorded, transaction);
                connection.Execute(
                    "INSERT INTO texts (adapter, text, at, confidence) VALUES (@Adapter, @Text, @At, @Confidence) ON CONFLICT (adapter, text) DO UPDATE SET at = excluded.at, confidence = excluded.confidence",
                    recorded.Where(prediction => prediction.Text is not null), transaction);
                foreach (var adapter in recorded.Select(prediction => prediction.Adapter).Distinct())
                {
                    connection.Execute(
                        "DELETE FROM predictions WHERE adapter = @adapter AND sequence <= (SELECT sequence FROM predictions WHERE adapter = @adapter ORDER BY sequence DESC LIMIT 1 OFFSET @WindowPredictions)",
                        new { adapter, options.Value.WindowPredictions }, transaction);
                    connection.Execute(
                        "DELETE FROM texts WHERE adapter = @adapter AND text IN (SELECT text FROM texts WHERE adapter = @adapter ORDER BY confidence, text LIMIT -1 OFFSET @MaxTexts)",
                        new { adapter, options.Value.MaxTexts }, transaction);
                }

                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Texts that have been kept as long as they may be are gone after it.</summary>
    public Task ForgetOldTextsAsync(CancellationToken cancellationToken) =>
        _database.WriteAsync((connection, transaction, _) => Task.FromResult(connection.Execute("DELETE FROM texts WHERE at <= @Oldest", new { Oldest }, transaction)), cancellationToken);

    /// <summary>All of a deleted adapter.</summary>
    public Task ForgetAsync(string adapter, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            (connection, transaction, _) => Task.FromResult(connection.Execute("DELETE FROM predictions WHERE adapter = @adapter; DELETE FROM texts WHERE adapter = @adapter", new { adapter }, transaction)),
            cancellationToken);

    public DriftWindow Read(string adapter)
    {
        using var connection = _database.OpenReader();
        var (predictions, confidence, outOfScope) = connection.QuerySingle<(int, double, double)>(
            """
            SELECT count(*), coalesce(avg(confidence), 0.0), coalesce(avg(is_out_of_scope), 0.0)
            FROM (SELECT confidence, is_out_of_scope FROM predictions WHERE adapter = @adapter ORDER BY sequence DESC LIMIT @WindowPredictions)
            """,
            new { adapter, options.Value.WindowPredictions });
        var texts = connection.Query<string>(
            "SELECT text FROM texts WHERE adapter = @adapter AND at > @Oldest ORDER BY confidence, text LIMIT @MaxExamples", new { adapter, Oldest, DriftWindow.MaxExamples }).AsList();
        return new DriftWindow(predictions, confidence, outOfScope, texts);
    }

    public void Dispose() => _database.Dispose();
}

/// <param name="Predictions">In the window.</param>
/// <param name="MeanConfidence">0 where there are none.</param>
/// <param name="OutOfScopeRate">0 where there are none.</param>
/// <param name="Texts">The least sure first.</param>
internal sealed record DriftWindow(int Predictions, double MeanConfidence, double OutOfScopeRate, IReadOnlyList<string> Texts)
{
    public const int MaxExamples = 50;
}

/// <param name="Adapter">Id.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="IsOutOfScope">Above its operating point.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Text">Null where none is kept.</param>
internal sealed record RecordedPrediction(string Adapter, double Confidence, bool IsOutOfScope, long At, string? Text);
