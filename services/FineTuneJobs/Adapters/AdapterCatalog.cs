using Dapper;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Reads adapters and their history; every question is of one tenant.</summary>
public sealed class AdapterCatalog(AdapterDatabase database)
{
    public bool Has(string tenant, string id)
    {
        using var connection = database.OpenReader();
        return AdapterRow.Find(connection, transaction: null, tenant, id) is not null;
    }

    /// <summary>By its id, NAME for the one that is promoted, or NAME:VERSION.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="reference">As the caller gave it.</param>
    /// <param name="field">Of the request, for failures.</param>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument, NotFound, or FailedPrecondition where none of the name is promoted.</exception>
    public Adapter Get(string tenant, string reference, string field)
    {
        var named = AdapterReference.Parse(reference, field);
        using var connection = database.OpenReader();
        if (named.Id is not null)
        {
            return AdapterRow.Find(connection, transaction: null, tenant, named.Id) ?? throw AdapterErrors.Unknown(field, reference);
        }

        if (named.Version is not null)
        {
            return connection.QuerySingleOrDefault<AdapterRow>(
                AdapterRow.Select + "WHERE tenant = @tenant AND name = @Name AND version = @Version", new { tenant, named.Name, named.Version })?.ToAdapter() ?? throw AdapterErrors.Unknown(field, reference);
        }

        return AdapterRow.FindPromoted(connection, transaction: null, tenant, named.Name!)
            ?? throw (connection.ExecuteScalar<long>("SELECT count(*) FROM adapters WHERE tenant = @tenant AND name = @Name", new { tenant, named.Name }) > 0
                ? AdapterErrors.NothingPromoted(field, named.Name!)
                : AdapterErrors.Unknown(field, reference));
    }

    /// <summary>The newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">All when empty.</param>
    /// <param name="state">All when null.</param>
    /// <param name="before">The last of the former page; null for the first page.</param>
    /// <param name="count">At most.</param>
    public IReadOnlyList<Adapter> List(string tenant, string name, AdapterState? state, (long CreatedAt, string Id)? before, int count)
    {
        using var connection = database.OpenReader();
        return
        [
            .. connection.Query<AdapterRow>(
                AdapterRow.Select + """
                WHERE tenant = @tenant AND (@name = '' OR name = @name) AND (@state IS NULL OR state = @state)
                  AND (@at IS NULL OR created_at < @at OR (created_at = @at AND id < @id))
                ORDER BY created_at DESC, id DESC LIMIT @count
                """,
                new { tenant, name, state, at = before?.CreatedAt, id = before?.Id, count }).Select(row => row.ToAdapter()),
        ];
    }

    /// <summary>The newest first; those of deleted adapters too.</summary>
    public IReadOnlyList<AdapterChange> ListChanges(string tenant, string name, long? before, int count)
    {
        using var connection = database.OpenReader();
        return
        [
            .. connection.Query<(long Sequence, long At, string Name, string Adapter, string Change, string Reason, string By)>(
                """
                SELECT sequence, at, name, adapter, change, reason, changed_by FROM changes
                WHERE tenant = @tenant AND (@name = '' OR name = @name) AND (@before IS NULL OR sequence < @before) ORDER BY sequence DESC LIMIT @count
                """,
                new { tenant, name, before, count })
                .Select(row => new AdapterChange(row.Sequence, DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Name, row.Adapter, row.Change, row.Reason, row.By)),
        ];
    }
}
