using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.FineTuneJobs.Adapters.Gates;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Makes adapters of what jobs have trained, and has the gate judge them.</summary>
public sealed partial class AdapterRegistry(
    AdapterDatabase database, AdapterFolders folders, IAdapterExaminer examiner, ILogger<AdapterRegistry> logger)
{
    /// <summary>
    /// The adapter of a succeeded job: its files taken, its version given, judged. Call it before the job is told to have
    /// succeeded, and again after a crash: whatever was done is not done twice.
    /// </summary>
    /// <exception cref="IOException">Its files cannot be moved.</exception>
    public async Task<Adapter> RegisterAsync(FinishedTraining training, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        var actor = new Actor(training.Tenant, Actor.Platform, "");
        var id = AdapterFolders.IdOf(training.Tenant, training.Job);
        var adapter = Find(training.Tenant, id);
        if (adapter is null)
        {
            folders.Take(id, training.ResultFolder, training.RemoteModel);
            adapter = await AddAsync(actor, id, training, cancellationToken);
        }

        // It may have been judged without, by a caller who asked while it was examined.
        if (adapter.Evidence is not null)
        {
            return adapter;
        }

        var evidence = await examiner.ExamineAsync(adapter, training, cancellationToken);
        return await JudgeAsync(actor, adapter.Id, evidence, cancellationToken);
    }

    /// <summary>Judges it by the gate as it is now, and keeps the judgement: a candidate becomes promotable or the other way round; a promoted one goes on serving.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">Of the adapter.</param>
    /// <param name="evidence">New; null for what is known.</param>
    /// <param name="cancellationToken">Ends the wait for the file.</param>
    /// <exception cref="Grpc.Errors.ServiceException">NotFound.</exception>
    public async Task<Adapter> JudgeAsync(Actor actor, string id, GateEvidence? evidence, CancellationToken cancellationToken)
    {
        var judged = await database.WriteAsync(
            (connection, transaction) =>
            {
                var adapter = AdapterRow.Find(connection, transaction, actor.Tenant, id) ?? throw AdapterErrors.Unknown("id", id);
                var known = evidence ?? adapter.Evidence ?? new GateEvidence(0, 0, "it was not examined", null, null, null);
                var report = GateSettings.Read(connection, transaction, adapter.Tenant, adapter.Project).Judge(adapter.Method, adapter.Rows, known, adapter.Bytes);
                var state = adapter.State is AdapterState.Promoted or AdapterState.Retired ? adapter.State : report.Passed ? AdapterState.Promotable : AdapterState.Candidate;
                connection.Execute(
                    "UPDATE adapters SET state = @state, evidence = @evidence, gate = @gate WHERE id = @id",
                    new { id, state, evidence = (evidence ?? adapter.Evidence) is { } kept ? JsonSerializer.Serialize(kept) : null, gate = JsonSerializer.Serialize(report) }, transaction);
                var failed = string.Join(", ", report.Checks.Where(check => !check.Passed).Select(check => check.Name));
                database.Record(connection, transaction, actor, adapter, report.Passed ? "gate_passed" : "gate_refused", failed);
                return adapter with { State = state, Evidence = evidence ?? adapter.Evidence, Gate = report };
            },
            cancellationToken);
        LogJudged(logger, judged.Name, judged.Version, judged.Id, judged.Gate!.Passed ? "passed" : "refused");
        return judged;
    }

    private Adapter? Find(string tenant, string id)
    {
        using var connection = database.OpenReader();
        return AdapterRow.Find(connection, transaction: null, tenant, id);
    }

    private Task<Adapter> AddAsync(Actor actor, string id, FinishedTraining training, CancellationToken cancellationToken)
    {
        var bytes = folders.BytesOf(id);
        return database.WriteAsync(
            (connection, transaction) =>
            {
                var adapter = new Adapter
                {
                    Id = id,
                    Tenant = training.Tenant,
                    Name = training.Name,
                    Version = NextVersion(connection, transaction, training.Tenant, training.Name),
                    State = AdapterState.Candidate,
                    Method = training.Method,
                    BaseModel = training.BaseModel,
                    Project = training.Project,
                    Job = training.Job,
                    Bytes = bytes,
                    CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(database.Now),
                    Rows = training.Rows,
                };
                connection.Execute(
                    """
                    INSERT INTO adapters (id, tenant, name, version, state, method, base_model, project, job, bytes, created_at, rows)
                    VALUES (@Id, @Tenant, @Name, @Version, @State, @Method, @BaseModel, @Project, @Job, @Bytes, @At, @Judgement)
                    """,
                    new
                    {
                        adapter.Id, adapter.Tenant, adapter.Name, adapter.Version, adapter.State, adapter.Method, adapter.BaseModel, adapter.Project, adapter.Job, adapter.Bytes,
                        At = database.Now, Judgement = JsonSerializer.Serialize(training.Rows),
                    },
                    transaction);
                database.Record(connection, transaction, actor, adapter, "created", $"by the job {training.Job}");
                return adapter;
            },
            cancellationToken);
    }

    private static int NextVersion(SqliteConnection connection, SqliteTransaction transaction, string tenant, string name) =>
        connection.ExecuteScalar<int>(
            """
            INSERT INTO names (tenant, name, last_version) VALUES (@tenant, @name, 1)
            ON CONFLICT (tenant, name) DO UPDATE SET last_version = last_version + 1 RETURNING last_version
            """,
            new { tenant, name }, transaction);

    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "The gate {Outcome} adapter {Name}:{Version} ({Adapter})")]
    private static partial void LogJudged(ILogger logger, string name, int version, string adapter, string outcome);
}

/// <summary>Asks an adapter itself, as it would be served.</summary>
public interface IAdapterExaminer
{
    /// <summary>A file that cannot be loaded is evidence, not a failure.</summary>
    Task<GateEvidence> ExamineAsync(Adapter adapter, FinishedTraining training, CancellationToken cancellationToken);
}
