using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;

namespace RagPlatform.FineTuneJobs.Adapters.Gates;

/// <summary>The limits that projects set for their gates.</summary>
public sealed class GateSettings(AdapterDatabase database)
{
    /// <summary>Every limit: the project's, else the default.</summary>
    public IReadOnlyDictionary<string, double> Get(string tenant, string project)
    {
        using var connection = database.OpenReader();
        var gate = Read(connection, transaction: null, tenant, project);
        return GateLimit.All.ToDictionary(limit => limit.Name, limit => gate[limit.Name]);
    }

    /// <summary>Replaces the project's limits; those left out are the defaults again. Adapters are judged by them from now on.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the limit, the value and the range.</exception>
    public async Task SetAsync(string tenant, string project, IReadOnlyDictionary<string, double> limits, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in limits)
        {
            Check(name, value);
        }

        await database.WriteAsync(
            (connection, transaction) => connection.Execute(
                "INSERT INTO gates (tenant, project, limits) VALUES (@tenant, @project, @limits) ON CONFLICT (tenant, project) DO UPDATE SET limits = @limits",
                new { tenant, project, limits = JsonSerializer.Serialize(limits) }, transaction),
            cancellationToken);
    }

    /// <summary>Of the adapter's project, as it is now.</summary>
    public Gate Of(Adapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        using var connection = database.OpenReader();
        return Read(connection, transaction: null, adapter.Tenant, adapter.Project);
    }

    internal static Gate Read(SqliteConnection connection, SqliteTransaction? transaction, string tenant, string project) =>
        new(connection.ExecuteScalar<string?>("SELECT limits FROM gates WHERE tenant = @tenant AND project = @project", new { tenant, project }, transaction) is { } limits
            ? JsonSerializer.Deserialize<Dictionary<string, double>>(limits)!
            : []);

    private static void Check(string name, double value)
    {
        var limit = GateLimit.Find(name) ?? throw AdapterErrors.Invalid(
            "GATE_LIMIT_UNKNOWN", "gate.limits", $"'{(name.Length <= 80 ? name : name[..80])}' is no limit.", $"There are: {string.Join(", ", GateLimit.All.Select(known => known.Name))}.");
        if (!(value >= limit.Min && value <= limit.Max))
        {
            throw AdapterErrors.Invalid(
                "GATE_LIMIT_OUT_OF_RANGE", $"gate.limits[{name}]", string.Create(CultureInfo.InvariantCulture, $"{value} is out of range."),
                string.Create(CultureInfo.InvariantCulture, $"Use {limit.Min} to {limit.Max}: {limit.Meaning}."));
        }
    }
}
