using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>An adapter as its table holds it.</summary>
internal sealed class AdapterRow
{
    public const string Select = """
        SELECT id AS Id, tenant AS Tenant, name AS Name, version AS Version, state AS State, method AS Method, base_model AS BaseModel, project AS Project, job AS Job,
               bytes AS Bytes, created_at AS CreatedAt, rows AS Rows, evidence AS Evidence, gate AS Gate
        FROM adapters

        """;

    public string Id { get; init; } = "";
    public string Tenant { get; init; } = "";
    public string Name { get; init; } = "";
    public int Version { get; init; }
    public AdapterState State { get; init; }
    public string Method { get; init; } = "";
    public string BaseModel { get; init; } = "";
    public string Project { get; init; } = "";
    public string Job { get; init; } = "";
    public long Bytes { get; init; }
    public long CreatedAt { get; init; }
    public string Rows { get; init; } = "[]";
    public string? Evidence { get; init; }
    public string? Gate { get; init; }

    /// <returns>Null when there is none, or it is another tenant's.</returns>
    public static Adapter? Find(SqliteConnection connection, SqliteTransaction? transaction, string tenant, string id) =>
        connection.QuerySingleOrDefault<AdapterRow>(Select + "WHERE id = @id AND tenant = @tenant", new { id, tenant }, transaction)?.ToAdapter();

    public static Adapter? FindPromoted(SqliteConnection connection, SqliteTransaction? transaction, string tenant, string name) =>
        connection.QuerySingleOrDefault<AdapterRow>(Select + "WHERE tenant = @tenant AND name = @name AND state = 3", new { tenant, name }, transaction)?.ToAdapter();

    public Adapter ToAdapter() => new()
    {
        Id = Id,
        Tenant = Tenant,
        Name = Name,
        Version = Version,
        State = State,
        Method = Method,
        BaseModel = BaseModel,
        Project = Project,
        Job = Job,
        Bytes = Bytes,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        Rows = JsonSerializer.Deserialize<List<EvaluationRow>>(Rows)!,
        Evidence = Evidence is null ? null : JsonSerializer.Deserialize<GateEvidence>(Evidence),
        Gate = Gate is null ? null : JsonSerializer.Deserialize<GateReport>(Gate),
    };
}
